//! What comes back for a question.

use super::*;

fn named(text: &str) -> Name {
    says::name(text).unwrap()
}

fn question(kind: RecordType, with_edns: bool) -> Message {
    let mut message = Message::query();
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(named("web.test"), kind));
    message.edns = with_edns.then(Edns::new);
    message
}

fn said(server: &NameServer, kind: RecordType, over: Protocol) -> Message {
    let question = question(kind, true);
    let reply = Message::from_vec(&server.reply(&question.to_vec().unwrap(), over).unwrap()).unwrap();
    assert_eq!(reply.metadata.message_type, MessageType::Response);
    reply
}

fn addresses(reply: &Message) -> Vec<IpAddr> {
    reply.answers.iter().filter_map(|record| record.data.ip_addr()).collect()
}

#[test]
fn each_kind_gets_its_own_addresses_and_other_kinds_get_none() {
    let server = NameServer::new(Says::Answer);
    assert_eq!(addresses(&said(&server, RecordType::A, Protocol::Udp)), ADDRESSES[..1]);
    assert_eq!(addresses(&said(&server, RecordType::AAAA, Protocol::Udp)), ADDRESSES[1..]);
    assert!(said(&server, RecordType::TXT, Protocol::Udp).answers.is_empty());
    assert_eq!(server.asked(), 3);
}

#[test]
fn codes_are_what_the_words_say() {
    for (says, code) in [
        (Says::Nxdomain, ResponseCode::NXDomain),
        (Says::Nodata, ResponseCode::NoError),
        (Says::Servfail, ResponseCode::ServFail),
        (Says::Refused, ResponseCode::Refused),
        (Says::Formerr, ResponseCode::FormErr),
    ] {
        let reply = said(&NameServer::new(says), RecordType::A, Protocol::Udp);
        assert_eq!((reply.metadata.response_code, reply.answers.len()), (code, 0), "{says:?}");
    }
    let without_edns = question(RecordType::A, false).to_vec().unwrap();
    let reply = NameServer::new(Says::Formerr).reply(&without_edns, Protocol::Udp).unwrap();
    assert_eq!(addresses(&Message::from_vec(&reply).unwrap()), ADDRESSES[..1]);
}

#[test]
fn what_does_not_fit_is_cut_over_udp_and_whole_over_tcp() {
    let mut many = NameServer::new(Says::Answer);
    many.addresses = (0..=200).map(|last| IpAddr::from([192, 0, 2, last])).collect();
    for (server, count) in [(NameServer::new(Says::Truncated), 1), (many, 201)] {
        let cut = said(&server, RecordType::A, Protocol::Udp);
        assert!(cut.metadata.truncation && cut.answers.is_empty());
        let reply = said(&server, RecordType::A, Protocol::Tcp);
        assert!(!reply.metadata.truncation && reply.answers.len() == count);
    }
    let only = NameServer::new(Says::TruncatedOnly);
    assert_eq!(only.reply(&question(RecordType::A, true).to_vec().unwrap(), Protocol::Tcp), None);
}

#[test]
fn one_name_is_known_and_no_other_and_only_the_first_questions_meet_the_fault() {
    let knowing = NameServer::new(Says::Answer).knowing("www.test").unwrap();
    let reply = said(&knowing, RecordType::A, Protocol::Udp);
    assert_eq!(reply.metadata.response_code, ResponseCode::NXDomain);
    let knowing = NameServer::new(Says::Answer).knowing("WEB.test").unwrap();
    assert_eq!(addresses(&said(&knowing, RecordType::A, Protocol::Udp)), ADDRESSES[..1]);
    let mut once = NameServer::new(Says::Servfail);
    once.first = Some(1);
    let codes = [(); 2].map(|()| said(&once, RecordType::A, Protocol::Udp).metadata.response_code);
    assert_eq!(codes, [ResponseCode::ServFail, ResponseCode::NoError]);
}

#[test]
fn an_alias_comes_before_its_addresses() {
    let mut server = NameServer::new(Says::Answer);
    server.alias = Some(named("host.test"));
    let reply = said(&server, RecordType::A, Protocol::Udp);
    assert_eq!(reply.answers[0].data, RData::CNAME(CNAME(named("host.test"))));
    assert_eq!(reply.answers[1].name, named("host.test"));
}

#[test]
fn hostile_replies_are_what_they_are_called() {
    let asked = question(RecordType::A, true);
    let bytes = |says| NameServer::new(says).reply(&asked.to_vec().unwrap(), Protocol::Udp).unwrap();
    assert!(Message::from_vec(&bytes(Says::Garbage)).is_err());
    assert!(Message::from_vec(&bytes(Says::PointerLoop)).is_err());
    assert_ne!(Message::from_vec(&bytes(Says::WrongId)).unwrap().metadata.id, asked.metadata.id);
    assert_ne!(Message::from_vec(&bytes(Says::WrongQuestion)).unwrap().queries, asked.queries);
    let looping = Message::from_vec(&bytes(Says::AliasLoop)).unwrap();
    assert_eq!(looping.answers.len(), 2);
}

#[test]
fn what_is_no_question_is_not_answered() {
    let server = NameServer::new(Says::Answer);
    let mut reply = question(RecordType::A, true);
    reply.metadata.message_type = MessageType::Response;
    for bytes in [vec![], b"GET / HTTP/1.1\r\n\r\n".to_vec(), reply.to_vec().unwrap()] {
        assert_eq!(server.reply(&bytes, Protocol::Udp), None);
    }
}
