//! The hardened client against servers of every temper. Real sockets on loopback; what is claimed about time is
//! read from the trace.

mod datagrams;

use netfault::client::{Limits, Session, Settings, Stop, exchange};
use netfault::failure::Protocol::{Tcp, Udp};
use netfault::failure::{Failure, Op, Protocol, Why};
use netfault::naive;
use netfault::retry::{Backoff, Budget, Policy};
use netfault::socket::Socket;
use netfault::trace::{Actor, Recorder, What};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::num::NonZeroU32;
use std::thread;
use std::time::Duration;

const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(30);

fn policy(attempts: u32) -> Policy {
    Policy {
        backoff: Backoff::FullJitter,
        base: Duration::from_millis(5),
        cap: Duration::from_millis(50),
        seed: 7,
        attempts: NonZeroU32::new(attempts).unwrap(),
    }
}

fn settings(protocol: Protocol, attempts: u32) -> Settings {
    let limits = Limits { connect: LONG, reply: LONG, total: LONG, longest_reply: 1000 };
    Settings { protocol, limits, policy: policy(attempts), budget: None }
}

fn client() -> Actor {
    Recorder::new().actor("client")
}

/// A TCP port that answers "no": bound, so that nobody else gets it, and not listening.
fn closed_port() -> (Socket, SocketAddr) {
    let socket = Socket::new(&Recorder::new().actor("holder"), Tcp, LOOPBACK).unwrap();
    socket.bind(LOOPBACK).unwrap();
    let address = socket.local().unwrap();
    (socket, address)
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(LOOPBACK).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn udp_server() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind(LOOPBACK).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

fn request_on(stream: &TcpStream) -> String {
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line
}

fn whys(actor: &Actor) -> Vec<Failure> {
    actor.recorder().events().iter().filter_map(|event| event.what.failure().cloned()).collect()
}

fn notes(actor: &Actor, words: &str) -> usize {
    let events = actor.recorder().events();
    events.iter().filter(|event| matches!(&event.what, What::Note { text } if text.contains(words))).count()
}

#[test]
fn every_address_is_tried_and_each_failure_is_reported() {
    let (_first, refusing) = closed_port();
    let (_second, refusing_too) = closed_port();
    let (listener, healthy) = listener();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = listener.accept().unwrap().0;
            assert_eq!(request_on(&stream), "halo\n");
            stream.write_all(b"HALO\r\n").unwrap();
        });
        let addresses = [refusing, refusing_too, healthy];
        let reply = exchange(&client(), &settings(Tcp, 1), &addresses, "halo").unwrap();
        assert_eq!((reply.text.as_str(), reply.from, reply.attempt), ("HALO", healthy, 1));
        let met: Vec<_> = reply.failures.iter().map(|met| (met.attempt, met.failure.call.peer)).collect();
        assert_eq!(met, [(1, Some(refusing)), (1, Some(refusing_too))]);
        assert!(reply.failures.iter().all(|met| met.failure.is("ECONNREFUSED")));
    });
}

#[test]
fn when_every_address_refuses_every_failure_of_every_attempt_is_told() {
    let (_first, one) = closed_port();
    let (_second, other) = closed_port();
    let actor = client();
    let gave_up = exchange(&actor, &settings(Tcp, 3), &[one, other], "halo").unwrap_err();
    let met: Vec<_> = gave_up.failures.iter().map(|met| (met.attempt, met.failure.call.peer)).collect();
    let (one, other) = (Some(one), Some(other));
    assert_eq!(met, [(1, one), (1, other), (2, one), (2, other), (3, one), (3, other)]);
    assert_eq!((gave_up.because, gave_up.attempts()), (Stop::AttemptsSpent, 3));
    assert_eq!(notes(&actor, "may have arrived"), 0, "a refused request has not left");
}

#[test]
fn a_spent_budget_ends_what_the_policy_would_go_on_with() {
    let (_holder, refusing) = closed_port();
    let actor = client();
    // a failure takes one of four, and at two there is no retry
    let budget = Some(Budget::Grpc { max_tokens: 4, ratio: 0.1 });
    let settings = Settings { budget, ..settings(Tcp, 5) };
    let gave_up = exchange(&actor, &settings, &[refusing], "halo").unwrap_err();
    assert_eq!((gave_up.because, gave_up.attempts()), (Stop::Budget, 2));
}

#[test]
fn the_waits_are_those_of_the_policy() {
    let (_holder, refusing) = closed_port();
    for backoff in Backoff::ALL {
        let actor = client();
        let policy = Policy { backoff: *backoff, ..policy(5) };
        exchange(&actor, &Settings { policy, ..settings(Tcp, 1) }, &[refusing], "halo").unwrap_err();
        let events = actor.recorder().events();
        let waits: Vec<_> = events
            .iter()
            .filter_map(|event| match event.what {
                What::Retrying { attempt, delay } => Some((event, attempt, delay)),
                _ => None,
            })
            .collect();
        assert!(waits.iter().map(|(_, attempt, _)| *attempt).eq(2..=5), "{backoff}");
        assert!(waits.iter().map(|(.., delay)| *delay).eq(policy.delays()), "{backoff}");
        for (retrying, _, delay) in waits {
            let next = &events[retrying.seq + 1];
            assert!(next.at >= retrying.at + delay, "{backoff}: {next:?} follows {retrying:?}");
        }
    }
}

#[test]
fn a_reply_may_come_a_byte_at_a_time() {
    let (listener, address) = listener();
    let actor = client();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = listener.accept().unwrap().0;
            request_on(&stream);
            let mut seen = 0;
            for byte in "HALO DUNIA\n".bytes() {
                stream.write_all(&[byte]).unwrap();
                // The next byte goes out when the client has read this one.
                let read = actor.recorder().wait_for(LONG, |event| {
                    event.seq > seen && matches!(&event.what, What::Finished { bytes: Some(1), .. })
                });
                seen = read.unwrap().seq;
            }
        });
        assert_eq!(exchange(&actor, &settings(Tcp, 1), &[address], "halo dunia").unwrap().text, "HALO DUNIA");
    });
}

#[test]
fn a_reply_may_end_with_the_stream() {
    let (listener, address) = listener();
    let actor = client();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = listener.accept().unwrap().0;
            request_on(&stream);
            stream.write_all(b"Halo juga dari server!").unwrap();
        });
        let reply = exchange(&actor, &settings(Tcp, 1), &[address], "halo").unwrap();
        assert_eq!(reply.text, "Halo juga dari server!");
    });
    assert_eq!(notes(&actor, "without a line end"), 1);
}

#[test]
fn a_stream_that_ends_before_the_reply_is_a_failure_and_the_request_is_sent_again() {
    let (listener, address) = listener();
    let actor = client();
    thread::scope(|scope| {
        scope.spawn(|| {
            request_on(&listener.accept().unwrap().0);
            let mut stream = listener.accept().unwrap().0;
            request_on(&stream);
            stream.write_all(b"HALO\n").unwrap();
        });
        let reply = exchange(&actor, &settings(Tcp, 2), &[address], "halo").unwrap();
        assert_eq!((reply.text.as_str(), reply.attempt), ("HALO", 2));
        assert_eq!(reply.failures[0].failure.why, Why::Closed);
    });
    assert_eq!(notes(&actor, "may have arrived"), 1);
}

#[test]
fn a_reply_without_end_is_refused_and_not_asked_for_again() {
    let (listener, address) = listener();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = listener.accept().unwrap().0;
            request_on(&stream);
            // Ends when the client has hung up.
            while stream.write_all(&[b'x'; 512]).is_ok() {}
        });
        let gave_up = exchange(&client(), &settings(Tcp, 5), &[address], "halo").unwrap_err();
        assert_eq!(gave_up.last().why, Why::TooLong { most: 1000 });
        assert_eq!((gave_up.because, gave_up.attempts()), (Stop::Hopeless, 1));
    });
}

#[test]
fn a_reply_of_the_greatest_length_is_taken() {
    let (listener, tcp) = listener();
    let (socket, udp) = udp_server();
    let longest = "x".repeat(1000);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = listener.accept().unwrap().0;
            request_on(&stream);
            stream.write_all(format!("{longest}\n").as_bytes()).unwrap();
            for extra in ["", "x"] {
                let from = socket.recv_from(&mut [0; 100]).unwrap().1;
                socket.send_to(format!("{longest}{extra}").as_bytes(), from).unwrap();
            }
        });
        assert_eq!(exchange(&client(), &settings(Tcp, 1), &[tcp], "halo").unwrap().text, longest);
        assert_eq!(exchange(&client(), &settings(Udp, 1), &[udp], "halo").unwrap().text, longest);
        let gave_up = exchange(&client(), &settings(Udp, 5), &[udp], "halo").unwrap_err();
        assert!(gave_up.attempts() == 1 && gave_up.last().call.op == Op::Receive, "{gave_up}");
    });
}

#[test]
fn a_long_line_goes_out_in_parts() {
    let (listener, address) = listener();
    let line = "x".repeat(8 << 20);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = listener.accept().unwrap().0;
            let length = request_on(&stream).len();
            writeln!(stream, "{length}").unwrap();
        });
        let reply = exchange(&client(), &settings(Tcp, 1), &[address], &line).unwrap();
        assert_eq!(reply.text, (line.len() + 1).to_string());
    });
}

#[test]
fn no_drip_of_bytes_outlives_the_deadline() {
    let (listener, address) = listener();
    let total = Duration::from_millis(300);
    let limits = Limits { connect: LONG, reply: LONG, total, longest_reply: usize::MAX };
    let actor = client();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = listener.accept().unwrap().0;
            stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
            // A byte every 5 ms, for as long as the client listens: a time-out of one recv never runs out.
            while stream.write_all(b"x").is_ok() {
                let _ = stream.read(&mut [0; 64]);
            }
        });
        // Without the deadline this would not end.
        let gave_up =
            exchange(&actor, &Settings { limits, ..settings(Tcp, 3) }, &[address], "halo").unwrap_err();
        assert_eq!((gave_up.because, gave_up.attempts()), (Stop::Deadline, 1));
        assert!(gave_up.last().is_timeout() && gave_up.last().call.op == Op::Receive, "{gave_up}");
    });
    let events = actor.recorder().events();
    assert!(!events.iter().any(|event| matches!(event.what, What::Retrying { .. })));
    let ended = &events[events.len() - 1];
    assert!(ended.what.failure().is_some(), "{ended:?}");
}

#[test]
fn a_wait_that_would_outlast_the_deadline_is_not_begun() {
    let (_holder, refusing) = closed_port();
    let policy = Policy { backoff: Backoff::Exponential, base: LONG * 2, cap: LONG * 2, ..policy(3) };
    let actor = client();
    let gave_up =
        exchange(&actor, &Settings { policy, ..settings(Tcp, 1) }, &[refusing], "halo").unwrap_err();
    assert_eq!((gave_up.because, gave_up.attempts()), (Stop::Deadline, 1));
    assert!(gave_up.last().is("ECONNREFUSED"));
}

#[test]
fn an_address_that_is_silent_leaves_time_for_the_others() {
    let (_unread, silent) = udp_server();
    let (server, healthy) = udp_server();
    let limits = Limits { reply: LONG, total: Duration::from_secs(1), ..settings(Udp, 1).limits };
    thread::scope(|scope| {
        scope.spawn(|| {
            let from = server.recv_from(&mut [0; 100]).unwrap().1;
            server.send_to(b"HALO", from).unwrap();
        });
        let settings = Settings { limits, ..settings(Udp, 1) };
        let reply = exchange(&client(), &settings, &[silent, healthy], "halo").unwrap();
        assert_eq!((reply.from, reply.failures.len()), (healthy, 1));
        assert!(reply.failures[0].failure.is_timeout());
    });
}

#[test]
fn lines_share_a_connection_and_a_lost_one_is_replaced() {
    let (listener, address) = listener();
    let actor = client();
    let settings = settings(Tcp, 1);
    thread::scope(|scope| {
        scope.spawn(|| {
            for lines in [2, 1, 1] {
                let stream = listener.accept().unwrap().0;
                let mut requests = BufReader::new(&stream).lines();
                for _ in 0..lines {
                    let line = requests.next().unwrap().unwrap();
                    (&stream).write_all(format!("{line}!\n").as_bytes()).unwrap();
                }
            }
            let mut out_of_step = listener.accept().unwrap().0;
            request_on(&out_of_step);
            out_of_step.write_all(b"e!\nf!\n").unwrap();
            let mut last = listener.accept().unwrap().0;
            let line = request_on(&last);
            last.write_all(line.as_bytes()).unwrap();
        });
        let addresses = [address];
        let mut session = Session::new(&actor, &settings, &addresses);
        for line in ["a", "b", "c", "d", "e"] {
            let reply = session.exchange(line).unwrap();
            assert_eq!((reply.text, reply.attempt), (format!("{line}!"), 1));
        }
        assert_eq!(session.exchange("f").unwrap().text, "f");
    });
    let connects = actor.recorder().events();
    let connects =
        connects.iter().filter(|event| event.what.finished().is_some_and(|call| call.op == Op::Connect));
    assert_eq!(connects.count(), 5);
}

#[test]
fn the_naive_servers_are_understood() {
    let server = Recorder::new().actor("server");
    let tcp = naive::server::bind_tcp(&server, LOOPBACK).unwrap();
    let udp = naive::server::bind_udp(&server, LOOPBACK).unwrap();
    let addresses = [tcp.local().unwrap(), udp.local().unwrap()];
    thread::scope(|scope| {
        scope.spawn(|| {
            let shout = |text: &str| text.to_uppercase();
            naive::server::answer_tcp(&tcp, shout).and_then(|()| naive::server::answer_udp(&udp, shout))
        });
        for (protocol, address) in [Tcp, Udp].into_iter().zip(addresses) {
            let reply = exchange(&client(), &settings(protocol, 1), &[address], "halo").unwrap();
            assert_eq!(reply.text, "HALO", "{protocol}");
        }
    });
}

#[test]
fn the_total_is_shared_out_among_the_attempts() {
    let seconds = Duration::from_secs;
    let share = |total, attempts| Settings::within(total, Tcp, policy(attempts)).limits.reply;
    assert_eq!(share(seconds(12), 3), seconds(4));
    assert_eq!(share(seconds(12), 1000), seconds(1));
    assert_eq!(share(Duration::from_millis(500), 3), Duration::from_millis(500));
}
