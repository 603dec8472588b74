//! For each fault the situation most like it that has another cause: it must not get this fault's verdict.
//! Everything here is met on real sockets and judged from the live system, as `reproduce` does it.
#![expect(clippy::print_stderr, reason = "a test that needs something says so")]
#![cfg(all(target_os = "linux", not(netfault_blind)))]

mod broken;
mod misused;
mod names;
mod web;

use netfault::failure::Protocol::{self, Tcp, Udp};
use netfault::failure::{Failure, Op};
use netfault::fault::Fault;
use netfault::reproduce::Stage;
use netfault::socket::{Choice, Socket};
use netfault::trace::{Confidence, SocketState};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::thread;
use std::time::Duration;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const SHORT: Duration = Duration::from_millis(200);

fn stage() -> Stage {
    Stage::new(1, true)
}

/// Asks for `address`, with the table read before and after.
fn refused_bind(stage: &Stage, protocol: Protocol, address: SocketAddr) -> Failure {
    stage.sockets(protocol, address.port()).unwrap();
    let asker = Socket::new(&stage.actor("asker"), protocol, address).unwrap();
    let failure = asker.bind(address).unwrap_err();
    stage.sockets(protocol, address.port()).unwrap();
    failure
}

/// Connects to `target`, with the table read before and after, and ICMP errors looked for.
fn refused_connect(stage: &Stage, target: SocketAddr) -> Failure {
    stage.sockets(Tcp, target.port()).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, target).unwrap();
    let failure = client.connect(target).unwrap_err();
    stage.sockets(Tcp, target.port()).unwrap();
    stage.probe_connect(target).unwrap();
    failure
}

/// Connects, sends, lets the server do what it does, and waits in vain, with the table read while it waits.
fn unanswered<T>(stage: &Stage, target: SocketAddr, server: impl FnOnce(&Socket) -> T) -> Failure {
    let client = Socket::new(&stage.actor("client"), Tcp, target).unwrap();
    let client = client.with(Choice::ReadLimit(SHORT)).unwrap();
    client.connect(target).unwrap();
    client.send_all(b"Ipin").unwrap();
    let _kept_open = server(&client);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| client.receive(64));
        stage.wait_for_call("client", Op::Receive).unwrap();
        stage.sockets(Tcp, target.port()).unwrap();
        waiting.join().unwrap().unwrap_err()
    })
}

fn verdict(stage: &Stage, failure: &Failure) -> Option<Fault> {
    let verdict = stage.judge(failure);
    assert!(verdict.fault.is_some() || verdict.confidence == Confidence::Unknown);
    verdict.fault
}

#[test]
fn a_bound_socket_that_never_listened_is_no_live_listener() {
    let stage = stage();
    let (_holder, address) = stage.bound(&stage.actor("holder"), Tcp, LOOPBACK).unwrap();
    let failure = refused_bind(&stage, Tcp, address);
    assert_eq!(verdict(&stage, &failure), Some(Fault::BoundNotListening));
}

#[test]
fn a_listener_beside_its_old_connections_is_a_live_listener_and_not_time_wait() {
    let stage = stage();
    let (listener, address) = stage.listener(&stage.actor("holder"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    drop(listener.accept().unwrap());
    assert_eq!(client.receive(1).unwrap(), b"");
    drop(client);
    stage
        .sockets_when(Tcp, address.port(), "TIME_WAIT beside the listener", |rows| {
            rows.iter().any(|row| row.local == address && row.state == SocketState::TimeWait)
        })
        .unwrap();
    let failure = refused_bind(&stage, Tcp, address);
    assert_eq!(verdict(&stage, &failure), Some(Fault::LiveListener));
}

#[test]
fn an_outgoing_connection_on_the_port_is_not_time_wait() {
    let stage = stage();
    let (_server, server) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let (client, local) = stage.bound(&stage.actor("client"), Tcp, LOOPBACK).unwrap();
    client.connect(server).unwrap();
    let failure = refused_bind(&stage, Tcp, local);
    assert_eq!(verdict(&stage, &failure), Some(Fault::OutgoingConnection));
}

#[test]
fn the_same_address_is_a_live_listener_and_no_overlap() {
    let stage = stage();
    let (_holder, address) = stage.listener(&stage.actor("holder"), LOOPBACK).unwrap();
    let failure = refused_bind(&stage, Tcp, address);
    assert_eq!(verdict(&stage, &failure), Some(Fault::LiveListener));
}

#[test]
fn a_udp_wildcard_is_an_overlap_and_not_one_address_twice() {
    let stage = stage();
    let (_holder, address) = stage.bound(&stage.actor("holder"), Udp, LOOPBACK).unwrap();
    let everything = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), address.port());
    let failure = refused_bind(&stage, Udp, everything);
    assert_eq!(verdict(&stage, &failure), Some(Fault::WildcardOverlap));
}

#[test]
fn a_bind_that_failed_for_another_reason_is_not_in_use() {
    let stage = stage();
    let failure = refused_bind(&stage, Tcp, SocketAddr::from(([192, 0, 2, 1], 0)));
    assert!(failure.is("EADDRNOTAVAIL"), "{failure}");
    assert_eq!(verdict(&stage, &failure), None);
}

#[test]
fn a_port_that_is_bound_and_does_not_listen_refuses_like_a_free_one() {
    let stage = stage();
    let (_holder, address) = stage.bound(&stage.actor("holder"), Tcp, LOOPBACK).unwrap();
    let rows = stage.sockets(Tcp, address.port()).unwrap();
    if rows.is_empty() {
        eprintln!("skipped: needs a kernel that shows bound sockets (Linux 6.8)");
        return;
    }
    let failure = refused_connect(&stage, address);
    assert_eq!(verdict(&stage, &failure), Some(Fault::NoListener));
}

#[test]
fn a_listener_on_another_address_of_the_family_is_not_the_wrong_family() {
    let stage = stage();
    let elsewhere = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
    let (_listener, address) = stage.listener(&stage.actor("server"), elsewhere).unwrap();
    let failure = refused_connect(&stage, SocketAddr::new(LOOPBACK, address.port()));
    assert_eq!(verdict(&stage, &failure), Some(Fault::WrongInterface));
}

#[test]
fn a_listener_that_came_up_in_the_other_family_only_is_not_late_but_wrong() {
    let stage = stage();
    let Ok(address) = stage.unused(Tcp, IpAddr::V6(Ipv6Addr::LOCALHOST)) else {
        eprintln!("skipped: needs IPv6 loopback");
        return;
    };
    let target = SocketAddr::new(LOOPBACK, address.port());
    let failure = refused_connect(&stage, target);
    let _late = Stage::server(&stage.actor("server"), address).unwrap();
    stage.sockets(Tcp, address.port()).unwrap();
    assert_ne!(verdict(&stage, &failure), Some(Fault::NotYetListening));
}

#[test]
fn silence_of_an_unconnected_socket_is_port_unreachable_when_another_socket_hears_the_icmp_error() {
    let stage = stage();
    let target = stage.unused(Udp, LOOPBACK).unwrap();
    stage.sockets(Udp, target.port()).unwrap();
    let deaf = Socket::new(&stage.actor("client"), Udp, target).unwrap();
    let deaf = deaf.with(Choice::ReadLimit(SHORT)).unwrap();
    deaf.send_to(b"Ipin", target).unwrap();
    let failure = deaf.receive_from(64).unwrap_err();
    assert!(failure.is_timeout(), "{failure}");

    let probe = Socket::new(&stage.actor("probe"), Udp, target).unwrap();
    let probe = probe.with(Choice::KeepIcmpErrors).unwrap().with(Choice::ReadLimit(SHORT)).unwrap();
    probe.connect(target).unwrap();
    probe.send(b"Ipin").unwrap();
    probe.receive(64).unwrap_err();
    stage.icmp_errors(&probe, target).unwrap();
    stage.sockets(Udp, target.port()).unwrap();
    assert_eq!(verdict(&stage, &failure), Some(Fault::UdpPortUnreachable));
}

#[test]
fn silence_of_a_socket_that_takes_datagrams_is_not_port_unreachable() {
    let stage = stage();
    let (_unread, target) = stage.bound(&stage.actor("server"), Udp, LOOPBACK).unwrap();
    stage.sockets(Udp, target.port()).unwrap();
    let client = Socket::new(&stage.actor("client"), Udp, target).unwrap();
    let client = client.with(Choice::KeepIcmpErrors).unwrap().with(Choice::ReadLimit(SHORT)).unwrap();
    client.connect(target).unwrap();
    client.send(b"Ipin").unwrap();
    let failure = client.receive(64).unwrap_err();
    stage.icmp_errors(&client, target).unwrap();
    stage.sockets(Udp, target.port()).unwrap();
    assert_eq!(verdict(&stage, &failure), Some(Fault::UdpSilence));
}

#[test]
fn a_queue_with_room_is_not_full_and_a_request_in_it_is_stuck() {
    let stage = stage();
    let (_listener, target) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let failure = unanswered(&stage, target, |_| ());
    assert_eq!(verdict(&stage, &failure), Some(Fault::StuckAccept));
}

#[test]
fn a_request_that_was_read_is_silence_and_not_stuck() {
    let stage = stage();
    let (listener, target) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let failure = unanswered(&stage, target, |_| {
        let served = listener.accept().unwrap();
        assert_eq!(served.receive(64).unwrap(), b"Ipin");
        served
    });
    assert_eq!(verdict(&stage, &failure), Some(Fault::ReadSilence));
}

#[test]
fn a_request_that_was_accepted_and_not_read_is_not_read_silence() {
    let stage = stage();
    let (listener, target) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let failure = unanswered(&stage, target, |_| listener.accept().unwrap());
    assert_eq!(verdict(&stage, &failure), None);
}

#[test]
fn half_a_reply_is_not_read_silence() {
    let stage = stage();
    let (listener, target) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let failure = unanswered(&stage, target, |client| {
        let served = listener.accept().unwrap();
        assert_eq!(served.receive(64).unwrap(), b"Ipin");
        served.send_all(b"iP").unwrap();
        assert_eq!(client.receive(64).unwrap(), b"iP");
        served
    });
    assert_eq!(verdict(&stage, &failure), None);
}
