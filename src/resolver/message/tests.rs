//! What counts as a reply, and what is read from it.

use super::*;
use hickory_proto::rr::rdata::{A, CNAME, SOA};
use proptest::prelude::*;
use std::net::Ipv4Addr;

const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 34);

fn named(text: &str) -> Name {
    super::super::name(text).unwrap()
}

fn asked() -> Question {
    Question::new(&named("example.test"), Kind::A, true)
}

/// A reply to `question` with these answers.
fn reply(question: &Question, answers: &[(&str, RData)]) -> Message {
    let mut reply = question.message.clone();
    reply.metadata.message_type = MessageType::Response;
    for (name, data) in answers {
        reply.add_answer(Record::from_rdata(named(name), 60, data.clone()));
    }
    reply
}

fn alias(to: &str) -> RData {
    RData::CNAME(CNAME(named(to)))
}

fn address() -> RData {
    RData::A(A(ADDRESS))
}

fn read(question: &Question, message: &Message) -> Result<Reply, String> {
    question.read(&message.to_vec().unwrap(), Protocol::Udp)
}

#[test]
fn a_reply_to_another_question_is_not_ours() {
    let question = asked();
    let mut message = reply(&question, &[]);
    message.metadata.response_code = ResponseCode::NXDomain;
    assert_eq!(read(&question, &message).unwrap().code, "NXDOMAIN");
    assert!(read(&question, &question.message).unwrap_err().contains("a question itself"));
    message.metadata.id = message.metadata.id.wrapping_add(1);
    assert!(read(&question, &message).unwrap_err().contains("another number"));
    let other = Question::new(&named("other.test"), Kind::A, true);
    let mut stranger = reply(&other, &[("other.test", address())]);
    stranger.metadata.id = question.message.metadata.id;
    assert_eq!(read(&question, &stranger).unwrap_err(), "it is a reply to another question: other.test A");
    assert_eq!(question.read(&[], Protocol::Udp).unwrap_err(), "it is empty");
}

#[test]
fn only_an_error_may_leave_the_question_out() {
    let question = asked();
    let mut message = reply(&question, &[("example.test", address())]);
    message.queries.clear();
    assert!(read(&question, &message).unwrap_err().contains("no question"));
    message.metadata.response_code = ResponseCode::FormErr;
    assert_eq!(read(&question, &message).unwrap().code, "FORMERR");
}

#[test]
fn aliases_are_followed_and_what_belongs_to_no_alias_is_left() {
    let question = asked();
    let answers = [
        ("b.test", address()),
        ("EXAMPLE.test", alias("a.test")),
        ("stranger.test", RData::A(A(Ipv4Addr::new(203, 0, 113, 1)))),
        ("a.test", alias("b.test")),
    ];
    let found = read(&question, &reply(&question, &answers)).unwrap();
    assert_eq!(
        (found.aliases, found.addresses),
        (vec!["a.test".into(), "b.test".into()], vec![ADDRESS.into()])
    );
    assert_eq!((found.leads_to, found.useless), (None, None));
}

#[test]
fn a_reply_that_ends_at_an_alias_leads_on_unless_it_says_that_there_is_no_more() {
    let question = asked();
    let mut message = reply(&question, &[("example.test", alias("a.test"))]);
    assert_eq!(read(&question, &message).unwrap().leads_to, Some(named("a.test")));
    let zone = SOA::new(named("ns.test"), named("admin.test"), 1, 60, 60, 60, 60);
    message.add_authority(Record::from_rdata(named("test"), 60, RData::SOA(zone)));
    assert_eq!(read(&question, &message).unwrap().leads_to, None);
}

#[test]
fn aliases_in_a_circle_and_too_many_of_them_are_told() {
    let question = asked();
    let circle = [("example.test", alias("a.test")), ("a.test", alias("example.test"))];
    let found = read(&question, &reply(&question, &circle)).unwrap();
    assert_eq!(found.useless.as_deref(), Some("the aliases go in a circle"));
    let names: Vec<String> = (0..40).map(|number| format!("n{number}.test")).collect();
    let mut long = vec![("example.test", alias("n0.test"))];
    long.extend(names.windows(2).map(|two| (two[0].as_str(), alias(&two[1]))));
    let found = read(&question, &reply(&question, &long)).unwrap();
    assert_eq!(found.useless.as_deref(), Some("there are 16 aliases, and no end of them"));
    assert!(found.addresses.is_empty() && found.aliases.len() == MOST_ALIASES);
}

#[test]
fn a_reply_cut_in_the_middle_of_a_record_is_a_cut_reply_and_no_garbage() {
    let question = asked();
    let mut message = reply(&question, &[("example.test", address())]);
    message.metadata.truncation = true;
    let bytes = message.to_vec().unwrap();
    let cut = question.read(&bytes[..bytes.len() - 20], Protocol::Udp).unwrap();
    assert!(cut.truncated && cut.addresses.is_empty());
    message.metadata.truncation = false;
    let bytes = message.to_vec().unwrap();
    assert!(question.read(&bytes[..bytes.len() - 20], Protocol::Udp).is_err());
}

#[test]
fn a_message_of_a_stream_is_whole_when_its_length_has_come() {
    assert_eq!(unframed(&[0]), None);
    assert_eq!(unframed(&[0, 0, 7]), Some(&[][..]));
    assert_eq!(unframed(&[0, 2, 1]), None);
    assert_eq!(unframed(&[0, 2, 1, 2, 3]), Some(&[1, 2][..]));
    assert_eq!(unframed(&[255, 255, 1]), None);
    let question = asked();
    assert_eq!(unframed(&question.framed()), Some(question.bytes()));
}

#[test]
fn two_questions_have_two_numbers() {
    let numbers: std::collections::HashSet<u16> = (0..64).map(|_| asked().message.metadata.id).collect();
    assert!(numbers.len() > 32, "{numbers:?}");
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        let _ = asked().read(&bytes, Protocol::Udp);
        let _ = unframed(&bytes);
    }

    #[test]
    fn a_reply_cut_or_damaged_anywhere_is_survived(cut: prop::sample::Index, byte: u8) {
        let question = asked();
        let answers = [("example.test", alias("a.test")), ("a.test", address())];
        let mut bytes = reply(&question, &answers).to_vec().unwrap();
        let at = cut.index(bytes.len());
        let _ = question.read(&bytes[..at], Protocol::Udp);
        bytes[at] = byte;
        let _ = question.read(&bytes, Protocol::Udp);
    }
}
