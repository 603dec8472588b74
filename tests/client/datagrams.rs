//! Over UDP: replies of others, late ones, refusals, and what cannot be sent.

use super::{LONG, client, notes, settings, udp_server, whys};
use netfault::client::{Limits, Settings, Stop, exchange};
use netfault::failure::Op;
use netfault::failure::Protocol::Udp;
use netfault::trace::What;
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

#[test]
fn a_datagram_of_somebody_else_is_not_the_reply() {
    let (server, address) = udp_server();
    let (stranger, _) = udp_server();
    thread::scope(|scope| {
        scope.spawn(|| {
            let from = server.recv_from(&mut [0; 100]).unwrap().1;
            stranger.send_to(b"forged", from).unwrap();
            server.send_to(b"HALO", from).unwrap();
        });
        assert_eq!(exchange(&client(), &settings(Udp, 1), &[address], "halo").unwrap().text, "HALO");
    });
}

#[test]
fn a_late_reply_to_an_earlier_request_is_not_the_reply_to_this_one() {
    let (server, address) = udp_server();
    let limits = Limits { reply: Duration::from_millis(50), ..settings(Udp, 2).limits };
    let actor = client();
    thread::scope(|scope| {
        scope.spawn(|| {
            let first = server.recv_from(&mut [0; 100]).unwrap().1;
            let second = server.recv_from(&mut [0; 100]).unwrap().1;
            assert_ne!(first, second);
            server.send_to(b"late", first).unwrap();
            server.send_to(b"HALO", second).unwrap();
        });
        let reply = exchange(&actor, &Settings { limits, ..settings(Udp, 2) }, &[address], "halo").unwrap();
        assert_eq!((reply.text.as_str(), reply.attempt), ("HALO", 2));
    });
    assert_eq!(notes(&actor, "may have arrived"), 1);
}

#[test]
fn a_refused_datagram_is_sent_again_until_the_server_is_up() {
    let (holder, address) = udp_server();
    // A socket that is connected elsewhere keeps the port, and takes nothing that comes from here.
    holder.connect(udp_server().1).unwrap();
    let actor = client();
    thread::scope(|scope| {
        let asked = scope.spawn(|| exchange(&actor, &settings(Udp, 1000), &[address], "halo").unwrap());
        let refused =
            actor.recorder().wait_for(LONG, |event| matches!(event.what, What::Retrying { attempt: 3, .. }));
        assert!(refused.is_some());
        drop(holder);
        let server = UdpSocket::bind(address).unwrap();
        let from = server.recv_from(&mut [0; 100]).unwrap().1;
        server.send_to(b"HALO", from).unwrap();
        let reply = asked.join().unwrap();
        assert!(reply.text == "HALO" && reply.attempt >= 3);
        let refusals = whys(&actor);
        assert!(refusals.iter().all(|failure| failure.is(refusal()) && failure.call.op == Op::Receive));
    });
}

/// How a connected UDP socket hears of "port unreachable".
fn refusal() -> &'static str {
    if cfg!(windows) { "ECONNRESET" } else { "ECONNREFUSED" }
}

#[test]
fn a_request_that_can_never_be_sent_is_not_tried_again() {
    let (_server, address) = udp_server();
    let line = "x".repeat(70_000);
    let gave_up = exchange(&client(), &settings(Udp, 5), &[address], &line).unwrap_err();
    assert!(gave_up.last().is("EMSGSIZE"), "{gave_up}");
    assert_eq!((gave_up.because, gave_up.attempts()), (Stop::Hopeless, 1));
}
