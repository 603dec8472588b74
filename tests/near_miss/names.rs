//! Names without an address: what is most like each cause and has another.

use crate::{LOOPBACK, SHORT, stage, verdict};
use netfault::failure::Failure;
use netfault::failure::Protocol::{Tcp, Udp};
use netfault::fault::Fault;
use netfault::peer::name_server::{NameServer, Says};
use netfault::peer::serve;
use netfault::reproduce::Stage;
use netfault::resolver::{Families, Settings, find};
use netfault::socket::Socket;
use netfault::trace::{Confidence, Fact, Resolved};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

const NAME: &str = "www.example.test";

/// A name server over UDP, which serves as long as the test runs.
fn server(stage: &Stage, role: NameServer) -> SocketAddr {
    let (socket, address) = stage.bound(&stage.actor("name server"), Udp, LOOPBACK).unwrap();
    thread::spawn(move || serve(Udp, &socket, &role));
    address
}

fn saying(stage: &Stage, says: Says) -> SocketAddr {
    server(stage, NameServer::new(says))
}

fn look_up(stage: &Stage, name: &str, servers: &[SocketAddr]) -> Result<Resolved, Failure> {
    let settings = Settings { servers: Some(servers.to_vec()), families: Families::Both };
    let by = stage.recorder().deadline(Duration::from_millis(800));
    find(&stage.actor("resolver"), stage.eyes(), name, &settings, &by)
}

/// The look-up at a name server that says this, and what it is judged as.
fn judged(says: Says) -> (Option<Fault>, String) {
    let stage = stage();
    let failure = look_up(&stage, NAME, &[saying(&stage, says)]).unwrap_err();
    (verdict(&stage, &failure), failure.to_string())
}

#[test]
fn no_such_name_and_a_name_without_address_are_one_fault_in_two_words_and_no_failure_of_the_server() {
    let (nxdomain, no_name) = judged(Says::Nxdomain);
    let (nodata, no_address) = judged(Says::Nodata);
    assert_eq!((nxdomain, nodata), (Some(Fault::NoSuchName), Some(Fault::NoSuchName)));
    assert!(no_name.contains("NXDOMAIN") && no_address.contains("NODATA"), "{no_name} {no_address}");
}

#[test]
fn a_server_that_cannot_tell_does_not_say_that_there_is_no_name() {
    for says in [Says::Servfail, Says::Refused] {
        assert_eq!(judged(says).0, Some(Fault::ServerFailure));
    }
}

#[test]
fn an_alias_that_leads_nowhere_is_a_failure_of_the_server_though_its_code_is_noerror() {
    assert_eq!(judged(Says::AliasLoop).0, Some(Fault::ServerFailure));
}

#[test]
fn no_address_of_one_kind_and_silence_about_the_other_prove_nothing() {
    let stage = stage();
    let nodata = saying(&stage, Says::Nodata);
    let failure = look_up(&stage, NAME, &[nodata]).unwrap_err();
    let told = stage.judge(&failure);
    assert_eq!((told.fault, told.confidence), (Some(Fault::NoSuchName), Confidence::Proved));
    let mut silence = stage.eyes().seen();
    let position = silence.iter().position(|one| matches!(one.fact, Fact::DnsReply { .. })).unwrap();
    let Fact::DnsReply { server, name, kind, .. } = silence[position].fact.clone() else { unreachable!() };
    silence[position].fact = Fact::DnsSilence { server, name, kind, errno: None };
    let told = netfault::diagnose::judge(&failure, &stage.recorder().events(), &silence);
    assert_eq!((told.fault, told.confidence), (Some(Fault::NoSuchName), Confidence::Consistent));
}

#[test]
fn silence_is_not_a_port_where_nobody_is_and_the_other_way_round() {
    assert_eq!(judged(Says::Silent).0, Some(Fault::ResolverSilent));
    let stage = stage();
    let nobody = stage.unused(Udp, LOOPBACK).unwrap();
    let failure = look_up(&stage, NAME, &[nobody]).unwrap_err();
    assert_eq!(verdict(&stage, &failure), Some(Fault::UdpPortUnreachable));
}

#[test]
fn one_silent_server_and_one_where_nobody_is_are_not_proved_to_be_all_silent() {
    let stage = stage();
    let servers = [saying(&stage, Says::Silent), stage.unused(Udp, LOOPBACK).unwrap()];
    let failure = look_up(&stage, NAME, &servers).unwrap_err();
    assert_ne!(stage.judge(&failure).confidence, Confidence::Proved);
}

#[test]
fn a_reply_with_another_number_is_silence_and_no_answer() {
    let (fault, message) = judged(Says::WrongId);
    assert_eq!(fault, Some(Fault::ResolverSilent));
    assert!(message.contains("no reply"), "{message}");
}

#[test]
fn a_cut_reply_that_tcp_completes_is_no_fault_and_one_that_it_does_not_complete_is() {
    let stage = stage();
    let (socket, address) = stage.bound(&stage.actor("name server"), Udp, LOOPBACK).unwrap();
    let listener = Stage::server(&stage.actor("name server"), address).unwrap();
    thread::spawn(move || serve(Udp, &socket, &NameServer::new(Says::Truncated)));
    thread::spawn(move || serve(Tcp, &listener, &NameServer::new(Says::Truncated)));
    assert_eq!(look_up(&stage, NAME, &[address]).unwrap().addresses.len(), 2);
    // Nobody listens for TCP beside this one.
    assert_eq!(judged(Says::Truncated).0, Some(Fault::TruncatedReply));
}

#[test]
fn what_is_said_of_another_name_proves_nothing_of_this_one() {
    let stage = stage();
    let knowing = server(&stage, NameServer::new(Says::Silent).knowing(NAME).unwrap());
    look_up(&stage, "other.example.test", &[knowing]).unwrap_err();
    let failure = look_up(&stage, NAME, &[knowing]).unwrap_err();
    assert_eq!(verdict(&stage, &failure), Some(Fault::ResolverSilent));
    let others = stage
        .eyes()
        .seen()
        .into_iter()
        .filter(|one| matches!(&one.fact, Fact::DnsReply { name, .. } if name == "other.example.test"));
    let others: Vec<_> = others.collect();
    assert!(!others.is_empty());
    let told = netfault::diagnose::judge(&failure, &stage.recorder().events(), &others);
    assert_eq!(told.confidence, Confidence::Unknown, "{told:#?}");
}

#[test]
fn what_a_name_server_says_that_was_not_asked_proves_nothing() {
    let (here, elsewhere) = (stage(), stage());
    look_up(&elsewhere, NAME, &[saying(&elsewhere, Says::Nxdomain)]).unwrap_err();
    let failure = look_up(&here, NAME, &[saying(&here, Says::Silent)]).unwrap_err();
    let told = netfault::diagnose::judge(&failure, &here.recorder().events(), &elsewhere.eyes().seen());
    assert_eq!(told.confidence, Confidence::Unknown, "{told:#?}");
}

#[test]
fn a_datagram_that_nobody_answers_is_no_silent_resolver() {
    let stage = stage();
    let silent = saying(&stage, Says::Silent);
    let mut client = Socket::new(&stage.actor("client"), Udp, silent).unwrap();
    client.connect(silent).unwrap();
    client.send(b"Ipin").unwrap();
    let by = stage.recorder().deadline(SHORT);
    let failure = client.receive_by(64, &by).unwrap_err();
    assert_ne!(verdict(&stage, &failure), Some(Fault::ResolverSilent));
}
