//! Connections end at one side of the proxy as they ended at the other.

use crate::running::{LONG, Running, connect, echo, exchange, listener, pair, patient, read_to_end, reset};
use netfault::failure::Protocol;
use netfault::proxy::Limits;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

#[test]
fn a_reset_of_the_server_is_a_reset_of_the_client() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &[]);
    let (mut client, server) = pair(&running, &listener);
    reset(server);
    assert_eq!(read_to_end(&mut client), (vec![], Some(ErrorKind::ConnectionReset)));
}

#[test]
fn a_reset_of_the_client_is_a_reset_of_the_server() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &[]);
    let (client, mut server) = pair(&running, &listener);
    reset(client);
    assert_eq!(read_to_end(&mut server), (vec![], Some(ErrorKind::ConnectionReset)));
}

#[test]
fn what_was_sent_before_a_reset_arrives() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &[]);
    let (mut client, mut server) = pair(&running, &listener);
    server.write_all(b"last words").unwrap();
    let mut words = [0; 10];
    client.read_exact(&mut words).unwrap();
    reset(server);
    assert_eq!(&words, b"last words");
    assert_eq!(read_to_end(&mut client).1, Some(ErrorKind::ConnectionReset));
}

#[test]
fn a_half_close_keeps_the_reply() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &[]);
    let (mut client, mut server) = pair(&running, &listener);
    client.write_all(b"request").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&mut server), (b"request".to_vec(), None));
    server.write_all(b"reply").unwrap();
    drop(server);
    assert_eq!(read_to_end(&mut client), (b"reply".to_vec(), None));
}

#[test]
fn a_refused_server_is_a_reset_client_and_said_so() {
    let gone = listener().local_addr().unwrap();
    let running = Running::tcp(gone, &[]);
    let mut client = running.connect();
    assert_eq!(read_to_end(&mut client), (vec![], Some(ErrorKind::ConnectionReset)));
    running.wait_for_note("cannot be reached");
}

#[test]
fn a_server_that_does_not_answer_the_call_blocks_nobody_else() {
    // A listener that nobody accepts from, with no place left in its queue: further SYNs get no answer.
    let full = TcpListener::from(socket2_listener(0));
    let address = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
        waiting.push(stream);
    }
    let stuck = Running::tcp(address, &[]);
    let unanswered: Vec<TcpStream> = (0..10).map(|_| stuck.connect()).collect();
    let upstream = echo().to_string();
    stuck
        .control
        .ask(move |relay| {
            let spec = netfault::proxy::Spec {
                name: "other".into(),
                network: Protocol::Tcp,
                listen: "127.0.0.1:0".into(),
                upstream,
                enabled: true,
                toxics: Vec::new(),
            };
            relay.create(spec.resolve().unwrap()).unwrap();
        })
        .unwrap();
    let (_, other) = stuck.control.ask(|relay| relay.address("other")).unwrap().unwrap();
    assert_eq!(exchange(&mut connect(other), b"is anybody there"), b"is anybody there");
    // And the clients that wait are forgotten when they go.
    drop(unanswered);
    drop(waiting);
}

fn socket2_listener(backlog: i32) -> socket2::Socket {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    socket.listen(backlog).unwrap();
    socket
}

#[test]
fn a_server_that_does_not_read_stops_its_client() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &[]);
    let (mut client, mut server) = pair(&running, &listener);
    // Nothing is taken for so long only when sockets and the proxy are full.
    client.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    let chunk = vec![7; 64 * 1024];
    let mut sent = 0;
    loop {
        match client.write(&chunk) {
            Ok(length) => sent += length,
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{error}");
                break;
            }
        }
        assert!(sent < 256 * 1024 * 1024, "the client is never stopped");
    }
    client.shutdown(Shutdown::Write).unwrap();
    let (received, error) = read_to_end(&mut server);
    assert_eq!((received.len(), error), (sent, None));
}

#[test]
fn both_families_are_relayed() {
    let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let running = Running::tcp(listener.local_addr().unwrap(), &[]);
    assert!(running.address.is_ipv6());
    let (mut client, mut server) = pair(&running, &listener);
    client.write_all(b"six").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_to_end(&mut server).0, b"six");
}

#[test]
fn one_connection_too_many_is_reset() {
    let limits = Limits { connections: 2, ..Limits::default() };
    let running = Running::with(limits, Protocol::Tcp, echo(), &[]);
    let (mut first, mut second) = (running.connect(), running.connect());
    assert_eq!(exchange(&mut first, b"1"), b"1");
    assert_eq!(exchange(&mut second, b"2"), b"2");
    assert_eq!(read_to_end(&mut running.connect()).1, Some(ErrorKind::ConnectionReset));
    drop(first);
    // Its place is free as soon as the relay has seen it go.
    let mut fourth = loop {
        let mut stream = running.connect();
        // Until then it is reset, before or after this is sent.
        if stream.write_all(b"4").is_ok() && stream.read_exact(&mut [0]).is_ok() {
            break stream;
        }
    };
    assert_eq!(exchange(&mut fourth, b"5"), b"5");
}

#[test]
fn a_drain_delivers_what_is_on_its_way_and_the_port_is_free_at_once() {
    let listener = listener();
    let running = Running::tcp(listener.local_addr().unwrap(), &["latency:latency=300,stream=upstream"]);
    let address = running.address;
    let (mut client, mut server) = pair(&running, &listener);
    client.write_all(b"on its way").unwrap();
    running.wait_for_act(|act| act.did == "delayed");
    let totals = running.drain();
    assert_eq!(read_to_end(&mut server), (b"on its way".to_vec(), None));
    assert_eq!((totals.connections, totals.up, totals.down), (1, 10, 0));
    let again = Running::tcp(echo(), &[]);
    again.control.ask(move |relay| relay.delete("p")).unwrap().unwrap();
    let spec = netfault::proxy::Spec {
        name: "q".into(),
        network: Protocol::Tcp,
        listen: address.to_string(),
        upstream: echo().to_string(),
        enabled: true,
        toxics: Vec::new(),
    };
    again.control.ask(move |relay| relay.create(spec.resolve().unwrap()).map(drop)).unwrap().unwrap();
    assert_eq!(exchange(&mut connect(address), b"again"), b"again");
}

#[test]
fn connections_of_a_proxy_that_is_disabled_get_an_end_and_new_ones_are_refused() {
    let running = Running::tcp(echo(), &[]);
    let mut client = running.connect();
    assert_eq!(exchange(&mut client, b"on"), b"on");
    set_enabled(&running, false);
    assert_eq!(read_to_end(&mut client), (vec![], None));
    let refused = TcpStream::connect_timeout(&running.address, LONG).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    set_enabled(&running, true);
    assert_eq!(exchange(&mut running.connect(), b"on again"), b"on again");
}

fn set_enabled(running: &Running, enabled: bool) {
    let change = netfault::proxy::SpecChange { enabled: Some(enabled), ..Default::default() };
    running
        .control
        .ask(move |relay| relay.update("p", change.resolve().unwrap()).map(drop))
        .unwrap()
        .unwrap();
}

#[test]
fn a_client_that_leaves_before_the_server_is_reached_is_forgotten() {
    let full = TcpListener::from(socket2_listener(0));
    let address = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
        waiting.push(stream);
    }
    let running = Running::tcp(address, &[]);
    let client = patient(running.connect());
    running.wait_until("the client does not come", |running| running.clients() > 0);
    reset(client);
    running.wait_until("clients are left", |running| running.clients() == 0);
}
