//! Calls with the same errno as a misuse, a message or a limit, and another cause.

use crate::{LOOPBACK, SHORT, refused_bind, stage, verdict};
use netfault::evidence;
use netfault::failure::Protocol::{Tcp, Udp};
use netfault::failure::{Op, Why};
use netfault::fault::Fault;
use netfault::socket::{Choice, Socket};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[test]
fn einval_for_want_of_a_scope_is_not_already_bound() {
    let stage = stage();
    let link_local: SocketAddr = "[fe80::1]:0".parse().unwrap();
    let Ok(socket) = Socket::new(&stage.actor("server"), Tcp, link_local) else { return };
    let failure = socket.bind(link_local).unwrap_err();
    let _ = stage.own_socket(&socket);
    assert_ne!(verdict(&stage, &failure), Some(Fault::AlreadyBound), "{failure}");
}

#[test]
fn a_second_socket_on_the_address_is_in_use_and_not_already_bound() {
    let stage = stage();
    let (_first, address) = stage.bound(&stage.actor("first"), Tcp, LOOPBACK).unwrap();
    let failure = refused_bind(&stage, Tcp, address);
    assert_eq!(verdict(&stage, &failure), Some(Fault::BoundNotListening));
}

#[test]
fn a_connection_that_is_over_is_not_one_that_never_was() {
    let stage = stage();
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    listener.accept().unwrap().with(Choice::ResetOnClose).unwrap().close();
    assert!(client.receive(1).unwrap_err().is("ECONNRESET"));
    let failure = client.finish_sending().unwrap_err();
    assert!(failure.is("ENOTCONN"), "{failure}");
    stage.own_socket(&client).unwrap();
    assert_eq!(verdict(&stage, &failure), None);
}

#[test]
fn a_limit_that_ran_out_is_a_time_out_and_not_would_block() {
    let stage = stage();
    let (_listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    let client = client.with(Choice::ReadLimit(SHORT)).unwrap();
    client.connect(address).unwrap();
    let failure = client.receive(1).unwrap_err();
    assert!(failure.is("EAGAIN"), "{failure}");
    stage.own_socket(&client).unwrap();
    assert_ne!(verdict(&stage, &failure), Some(Fault::WouldBlock));
}

#[test]
fn a_socket_that_does_not_wait_is_not_a_silent_server() {
    let stage = stage();
    let (unread, address) = stage.bound(&stage.actor("server"), Udp, LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Udp, address).unwrap();
    let client = client.with(Choice::KeepIcmpErrors).unwrap().with(Choice::NonBlocking).unwrap();
    client.connect(address).unwrap();
    client.send(b"Ipin").unwrap();
    let failure = client.receive(64).unwrap_err();
    stage.own_socket(&client).unwrap();
    stage.icmp_errors(&client, address).unwrap();
    drop(unread);
    assert_eq!(verdict(&stage, &failure), Some(Fault::WouldBlock));
}

#[test]
fn an_open_descriptor_is_not_a_closed_one() {
    let stage = stage();
    let (socket, _) = stage.bound(&stage.actor("program"), Tcp, LOOPBACK).unwrap();
    let failure = socket.receive(1).unwrap_err();
    assert!(failure.is("ENOTCONN"), "{failure}");
    stage.own_socket(&socket).unwrap();
    assert_eq!(verdict(&stage, &failure), Some(Fault::NotConnected));
}

#[test]
fn an_address_of_the_right_family_that_is_not_ours_is_not_the_wrong_family() {
    let stage = stage();
    let elsewhere = SocketAddr::from(([203, 0, 113, 9], 0));
    let socket = Socket::new(&stage.actor("server"), Tcp, elsewhere).unwrap();
    let failure = socket.bind(elsewhere).unwrap_err();
    stage.own_socket(&socket).unwrap();
    stage.eyes().route(elsewhere.ip()).unwrap();
    assert_eq!(verdict(&stage, &failure), Some(Fault::NotLocal));
}

#[test]
fn an_address_of_ours_whose_port_is_taken_is_not_elsewhere() {
    let stage = stage();
    let (_listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    stage.eyes().route(address.ip()).unwrap();
    let failure = refused_bind(&stage, Tcp, address);
    assert_ne!(verdict(&stage, &failure), Some(Fault::NotLocal));
}

#[test]
fn an_address_that_is_not_ours_does_not_exhaust_ports() {
    let stage = stage();
    let (_listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    stage.eyes().keep(evidence::port_range().unwrap());
    // EADDRNOTAVAIL of bind, with the table of a port on which connections could still be made.
    let elsewhere = SocketAddr::from(([203, 0, 113, 9], address.port()));
    let socket = Socket::new(&stage.actor("client"), Tcp, elsewhere).unwrap();
    stage.sockets(Tcp, address.port()).unwrap();
    let failure = socket.bind(elsewhere).unwrap_err();
    stage.sockets(Tcp, address.port()).unwrap();
    assert!(failure.is("EADDRNOTAVAIL"), "{failure}");
    assert_ne!(verdict(&stage, &failure), Some(Fault::EphemeralExhausted));
}

#[test]
fn a_broadcast_without_the_option_is_forbidden_and_no_low_port() {
    let stage = stage();
    let everyone = SocketAddr::from(([127, 255, 255, 255], 81));
    let socket = Socket::new(&stage.actor("client"), Udp, everyone).unwrap();
    let failure = socket.send_to(b"Ipin", everyone).unwrap_err();
    assert!(failure.is("EACCES"), "{failure}");
    stage.eyes().keep(evidence::unprivileged_ports().unwrap());
    stage.eyes().keep(evidence::port_privilege().unwrap());
    assert_eq!(verdict(&stage, &failure), None);
}

#[test]
fn a_port_that_everybody_may_have_is_not_privileged() {
    let stage = stage();
    let (_holder, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    stage.eyes().keep(evidence::unprivileged_ports().unwrap());
    stage.eyes().keep(evidence::port_privilege().unwrap());
    let failure = refused_bind(&stage, Tcp, address);
    assert_eq!(verdict(&stage, &failure), Some(Fault::LiveListener));
}

#[test]
fn a_datagram_that_came_whole_was_not_truncated_though_another_was_expected() {
    let stage = stage();
    let (server, address) = stage.bound(&stage.actor("server"), Udp, LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Udp, address).unwrap();
    // A message in two datagrams: each comes whole.
    client.send_to(&[0; 1024], address).unwrap();
    client.send_to(&[0; 976], address).unwrap();
    stage.eyes().waiting(server.as_inner()).unwrap();
    let (got, _) = server.receive_from(1024).unwrap();
    let failure = server.reject(Op::Receive, Why::Partial { got: got.len(), wanted: 2000 });
    assert_eq!(verdict(&stage, &failure), None);
}

#[test]
fn a_message_whose_rest_was_never_sent_is_not_a_partial_read() {
    let stage = stage();
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    client.send_all(&[0; 1024]).unwrap();
    client.close();
    let served = listener.accept().unwrap();
    let got = served.receive(4096).unwrap().len();
    let failure = served.reject(Op::Receive, Why::Partial { got, wanted: 3000 });
    stage.sockets(Tcp, address.port()).unwrap();
    assert_eq!(verdict(&stage, &failure), None);
}

#[test]
fn text_in_utf8_is_not_proved_to_be_none() {
    let stage = stage();
    let (server, address) = stage.bound(&stage.actor("server"), Udp, LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Udp, address).unwrap();
    client.send_to("Café".as_bytes(), address).unwrap();
    stage.eyes().waiting(server.as_inner()).unwrap();
    let failure = server.reject(Op::Receive, Why::NotUtf8);
    assert_ne!(stage.judge(&failure).confidence, netfault::trace::Confidence::Proved);
}

#[test]
fn a_datagram_that_fits_and_is_refused_is_not_too_large() {
    let stage = stage();
    let address = stage.unused(Udp, LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Udp, address).unwrap();
    let client = client.with(Choice::KeepIcmpErrors).unwrap();
    client.connect(address).unwrap();
    client.send(&vec![0; 60_000]).unwrap();
    let failure = client.send(&vec![0; 60_000]).unwrap_err();
    assert!(failure.is("ECONNREFUSED"), "{failure}");
    assert_ne!(verdict(&stage, &failure), Some(Fault::TooLarge));
}

#[test]
fn an_accept_that_waits_in_vain_does_not_want_descriptors() {
    let stage = stage();
    let (listener, _) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let listener = listener.with(Choice::ReadLimit(SHORT)).unwrap();
    let failure = listener.accept().unwrap_err();
    stage.eyes().keep(evidence::descriptors(std::process::id()).unwrap());
    assert_ne!(verdict(&stage, &failure), Some(Fault::AcceptWithoutDescriptor));
}

#[test]
fn one_server_that_answers_otherwise_does_not_share_its_port() {
    let stage = stage();
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    stage.sockets(Tcp, address.port()).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    listener.accept().unwrap().send_all(b"other").unwrap();
    let got = String::from_utf8(client.receive(64).unwrap()).unwrap();
    let failure = client.reject(Op::Receive, Why::Stranger { wanted: "meant".to_owned(), got });
    stage.sockets(Tcp, address.port()).unwrap();
    assert_eq!(verdict(&stage, &failure), None);
}

#[test]
fn a_port_that_is_shared_by_two_of_one_mind_is_not_a_mismatch() {
    let stage = stage();
    let (first, address) =
        stage.bound_with(&stage.actor("worker"), Tcp, LOOPBACK, &[Choice::ReusePort]).unwrap();
    first.listen(1).unwrap();
    let second = Socket::new(&stage.actor("worker"), Tcp, address).unwrap().with(Choice::ReusePort).unwrap();
    second.bind(address).unwrap();
    // The overlap is between the wildcard and the address, whatever options there are.
    let failure = refused_bind(&stage, Tcp, SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), address.port()));
    assert_eq!(verdict(&stage, &failure), Some(Fault::WildcardOverlap));
}

#[test]
fn a_listener_is_no_outgoing_connection_though_connections_are_on_its_port() {
    let stage = stage();
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK).unwrap();
    let client = Socket::new(&stage.actor("client"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    let _served = listener.accept().unwrap();
    let failure = refused_bind(&stage, Tcp, address);
    assert_eq!(verdict(&stage, &failure), Some(Fault::LiveListener));
}

#[test]
fn a_listener_on_every_address_is_not_on_the_wrong_one() {
    let stage = stage();
    let other = IpAddr::V6(Ipv6Addr::LOCALHOST);
    let Ok((_listener, address)) = stage.listener(&stage.actor("server"), other) else { return };
    let failure = crate::refused_connect(&stage, SocketAddr::new(LOOPBACK, address.port()));
    assert_eq!(verdict(&stage, &failure), Some(Fault::WrongFamily));
}

#[test]
fn who_may_bind_beside_another_may_still_not_listen_beside_it() {
    let stage = stage();
    let reusing = |actor: &str| (stage.actor(actor), [Choice::ReuseAddress]);
    let (first, choices) = reusing("first server");
    let (idle, address) = stage.bound_with(&first, Tcp, LOOPBACK, &choices).unwrap();
    let (second, [choice]) = reusing("second server");
    let beside = Socket::new(&second, Tcp, address).unwrap().with(choice).unwrap();
    beside.bind(address).unwrap();
    beside.listen(1).unwrap();
    stage.sockets(Tcp, address.port()).unwrap();
    let failure = idle.listen(1).unwrap_err();
    assert!(failure.is("EADDRINUSE") && failure.call.op == Op::Listen, "{failure}");
    let rows = stage.sockets(Tcp, address.port()).unwrap();
    for row in &rows {
        stage.holder(row).unwrap();
    }
    assert_eq!(verdict(&stage, &failure), Some(Fault::LiveListener));
}

#[test]
fn port_zero_is_in_use_when_every_port_is() {
    let stage = stage();
    let any_port = SocketAddr::new(LOOPBACK, 0);
    let all = match evidence::port_range().unwrap().1 {
        netfault::trace::Fact::PortRange(range) => range,
        other => panic!("{other}"),
    };
    let few = Choice::PortRange(all.last - 1, all.last);
    let asker = stage.actor("server");
    let bound = || {
        let socket = Socket::new(&asker, Tcp, any_port).unwrap().with(few).unwrap();
        socket.bind(any_port).map(|()| socket)
    };
    if Socket::new(&asker, Tcp, any_port).unwrap().with(few).is_err() {
        return; // IP_LOCAL_PORT_RANGE is Linux 6.3's
    }
    let mut kept = Vec::new();
    let failure = loop {
        match bound() {
            Ok(socket) => kept.push(socket),
            Err(failure) => break failure,
        }
        assert!(kept.len() <= 2);
    };
    assert!(failure.is("EADDRINUSE"), "{failure}");
    let range = netfault::trace::PortRange { first: all.last - 1, last: all.last, reserved: Vec::new() };
    stage.eyes().keep((netfault::trace::Source::Getsockopt, netfault::trace::Fact::PortRange(range)));
    assert_eq!(verdict(&stage, &failure), Some(Fault::EphemeralExhausted));
}
