//! The ways to an address.

use super::*;
use hickory_proto::rr::RecordType;
use netfault::failure::Op;
use netfault::trace::{Source, Via, What};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_literal_address_asks_nobody_and_is_of_the_wanted_family_or_says_so() {
    let (unasked, role) = server(NameServer::new(Says::Answer));
    let found = look_up("::1", Some(&[unasked]), Families::Both, LONG);
    assert_eq!((found.addresses(), found.result.unwrap().via), (vec!["::1".to_owned()], Via::Literal));
    let none = look_up("127.0.0.1", None, Families::V6, LONG);
    assert!(none.why().contains("this is an IPv4 address, and only IPv6 is wanted"), "{}", none.why());
    assert_eq!((role.asked(), none.events.len()), (0, 1));
}

#[test]
fn both_families_are_asked_for_side_by_side() {
    let mut slow = NameServer::new(Says::Answer);
    slow.delay = Duration::from_millis(400);
    let (address, role) = server(slow);
    let found = look_up(NAME, Some(&[address]), Families::Both, LONG);
    let mut addresses = found.addresses();
    addresses.sort();
    assert_eq!(addresses, ["192.0.2.34", "2001:db8::34"]);
    assert_eq!(role.asked(), 2);
    assert!(found.took < 2 * Duration::from_millis(400), "{:?}", found.took);
    let resolved = found.result.unwrap();
    assert_eq!((resolved.via, resolved.system), (Via::Server { server: address, over: Protocol::Udp }, None));
}

#[test]
fn one_family_is_not_kept_waiting_by_the_other() {
    let address = by_hand(|socket, question, client| {
        if question.queries[0].query_type() == RecordType::A {
            let reply = reply(question, &[(NAME, address())]);
            socket.send_to(&reply.to_vec().unwrap(), client).unwrap();
        }
    });
    let found = look_up(NAME, Some(&[address]), Families::Both, LONG);
    assert_eq!(found.addresses(), ["192.0.2.34"]);
    assert!(found.took < SECOND, "{:?}", found.took);
}

#[test]
fn who_is_silent_costs_a_second_and_then_the_next_one_is_asked() {
    let (silent, other) = (saying(Says::Silent), saying(Says::Answer));
    let found = look_up(NAME, Some(&[silent, other]), Families::Both, LONG);
    assert!(matches!(found.result.as_ref().unwrap().via, Via::Server { server, .. } if server == other));
    assert!(found.took >= SECOND && found.took < 3 * SECOND, "{:?}", found.took);
    let silences = found.evidence.iter().filter(|one| matches!(one.fact, Fact::DnsSilence { .. })).count();
    assert_eq!(silences, 2);
}

#[test]
fn who_cannot_tell_costs_no_time_and_is_not_asked_again() {
    for says in [Says::Servfail, Says::Refused, Says::AliasLoop, Says::TruncatedOnly] {
        let ((failing, role), other) = (server(NameServer::new(says)), saying(Says::Answer));
        let found = look_up(NAME, Some(&[failing, other]), Families::V4, LONG);
        assert_eq!(found.addresses(), ["192.0.2.34"], "{says:?}");
        assert!(found.took < SECOND, "{says:?}: {:?}", found.took);
        assert_eq!(role.asked(), if says == Says::TruncatedOnly { 2 } else { 1 }, "{says:?}");
    }
}

#[test]
fn a_no_ends_it_and_nobody_else_is_asked() {
    for (says, word) in [(Says::Nxdomain, "NXDOMAIN"), (Says::Nodata, "NODATA")] {
        let (knowing, (other, role)) = (saying(says), server(NameServer::new(Says::Answer)));
        let found = look_up(NAME, Some(&[knowing, other]), Families::Both, LONG);
        assert!(found.why().contains(word), "{}", found.why());
        assert_eq!(role.asked(), 0);
        found.is_judged(Fault::NoSuchName);
        let failure = found.result.unwrap_err();
        assert_eq!((failure.call.op, failure.call.peer), (Op::Query, Some(knowing)));
        assert!(found.events.iter().any(|event| event.what == What::Failed(failure.clone())));
    }
}

#[test]
fn where_nobody_is_his_host_says_so_and_no_time_is_lost() {
    let nobody = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let found = ask(nobody, LONG);
    assert!(found.took < SECOND, "{:?}", found.took);
    if cfg!(target_os = "linux") {
        assert!(found.why().contains("ECONNREFUSED"), "{}", found.why());
        found.is_judged(Fault::UdpPortUnreachable);
    }
}

#[test]
fn every_silent_name_server_is_asked_more_than_once_within_the_time() {
    let ((first, one), (second, two)) =
        (server(NameServer::new(Says::Silent)), server(NameServer::new(Says::Silent)));
    let limit = Duration::from_millis(2600);
    let found = look_up(NAME, Some(&[first, second]), Families::V4, limit);
    assert!(found.why().contains("no reply"), "{}", found.why());
    assert!(one.asked() >= 2 && two.asked() >= 2, "{} {}", one.asked(), two.asked());
    assert!(found.took >= limit && found.took < limit + SECOND, "{:?}", found.took);
    found.is_judged(Fault::ResolverSilent);
}

#[test]
fn with_little_time_the_second_name_server_is_asked_too() {
    let (silent, other) = (saying(Says::Silent), saying(Says::Answer));
    let found = look_up(NAME, Some(&[silent, other]), Families::V4, SECOND);
    assert_eq!(found.addresses(), ["192.0.2.34"]);
}

#[test]
fn aliases_are_kept() {
    let mut role = NameServer::new(Says::Answer);
    role.alias = Some(named("host.example.test"));
    let found = ask(server(role).0, LONG);
    assert_eq!(found.addresses(), ["192.0.2.34"]);
    assert_eq!(found.result.unwrap().aliases, ["host.example.test"]);
}

#[test]
fn where_a_reply_ends_at_an_alias_the_alias_is_asked_for() {
    let address = by_hand(|socket, question, client| {
        let name = asked_for(question);
        let answer = match name.as_str() {
            NAME => alias("a.example.test"),
            "a.example.test" => alias("b.example.test"),
            _ => address(),
        };
        socket.send_to(&reply(question, &[(&name, answer)]).to_vec().unwrap(), client).unwrap();
    });
    let found = ask(address, LONG);
    assert_eq!(found.addresses(), ["192.0.2.34"]);
    assert_eq!(found.result.unwrap().aliases, ["a.example.test", "b.example.test"]);
}

#[test]
fn what_is_said_of_the_alias_is_said_of_the_name() {
    let address = by_hand(|socket, question, client| {
        let mut answer = reply(question, &[(NAME, alias("gone.example.test"))]);
        if asked_for(question) != NAME {
            answer = reply(question, &[]);
            answer.metadata.response_code = hickory_proto::op::ResponseCode::NXDomain;
        }
        socket.send_to(&answer.to_vec().unwrap(), client).unwrap();
    });
    let found = ask(address, LONG);
    assert!(found.why().contains("NXDOMAIN"), "{}", found.why());
    found.is_judged(Fault::NoSuchName);
}

#[test]
fn what_does_not_fit_comes_over_tcp() {
    let address = saying(Says::Truncated);
    let found = ask(address, LONG);
    assert_eq!(found.addresses(), ["192.0.2.34"]);
    assert_eq!(found.result.unwrap().via, Via::Server { server: address, over: Protocol::Tcp });
}

#[test]
fn who_does_not_know_edns_is_asked_without_it() {
    let (address, role) = server(NameServer::new(Says::Formerr));
    assert_eq!(ask(address, LONG).addresses(), ["192.0.2.34"]);
    assert_eq!(role.asked(), 2);
}

#[test]
fn only_the_wanted_family_is_asked_for() {
    let (address, role) = server(NameServer::new(Says::Answer));
    let found = look_up(NAME, Some(&[address]), Families::V6, LONG);
    assert_eq!(found.addresses(), ["2001:db8::34"]);
    assert_eq!(role.asked(), 1);
}

#[test]
fn localhost_is_this_host_and_no_name_server_is_asked() {
    for name in ["localhost", "LOCALHOST.", "any.localhost"] {
        let found = look_up(name, None, Families::Both, LONG);
        let resolved = found.result.unwrap();
        assert!(resolved.addresses.iter().all(IpAddr::is_loopback), "{resolved:?}");
        assert!(matches!(resolved.via, Via::Hosts | Via::System), "{resolved:?}");
        assert!(!found.evidence.iter().any(|one| one.source == Source::Dns));
    }
}

#[test]
fn what_the_hosts_file_says_otherwise_is_told() {
    let Some(known) = resolver::hosts("localhost").into_iter().find(IpAddr::is_ipv4) else { return };
    let found = look_up("localhost", Some(&[saying(Says::Answer)]), Families::V4, LONG);
    let resolved = found.result.unwrap();
    assert_eq!((resolved.addresses, resolved.system), (vec![ip("192.0.2.34")], Some(vec![known])));
}

#[test]
fn what_cannot_be_a_name_is_no_question() {
    let found = look_up(&"a".repeat(64), Some(&[saying(Says::Answer)]), Families::Both, LONG);
    assert_eq!(found.result.unwrap_err().call.op, Op::Resolve);
}

#[test]
fn where_nobody_has_an_address_the_search_ends_within_its_time() {
    // RFC 6761 §6.4: `invalid` never has one. Whether a name server of this machine answers is not the question.
    let limit = 3 * SECOND;
    let found = look_up("nowhere.invalid", None, Families::Both, limit);
    assert!(found.took < limit + 2 * SECOND, "{:?}", found.took);
    assert!(
        found.why().contains("no address for nowhere.invalid") || found.why().contains("no answer"),
        "{}",
        found.why()
    );
}
