//! What clients do to servers. After each act a well-behaved client is still answered, in every model; in
//! `sequential` that also shows that the limits free the one place there is.

use crate::running::{Running, SHORT, exchange};
use netfault::server::{Limits, Model, Settings};
use std::io::{ErrorKind, Write as _};
use std::net::UdpSocket;
use std::time::Duration;

#[test]
fn a_client_that_says_nothing_is_closed() {
    for model in Model::ALL {
        let server = Running::short(*model);
        let silent = server.connect();
        server.assert_answers();
        assert_eq!(silent.rest(), [""; 0], "{model}");
        assert_eq!(server.drain().refused["idle"], 1, "{model}");
    }
}

#[test]
fn a_client_that_sends_a_byte_now_and_then_is_given_up() {
    for model in Model::ALL {
        let server = Running::short(*model);
        let mut slow = server.connect();
        let mut sender = slow.stream.try_clone().unwrap();
        let (answered, was_answered) = std::sync::mpsc::channel::<()>();
        let sending = std::thread::spawn(move || {
            // The wait between two bytes is shorter than the quiet time and ends with the server's answer.
            let pause = SHORT.quiet / 4;
            while was_answered.recv_timeout(pause).is_err() && sender.write_all(b"x").is_ok() {}
        });
        assert_eq!(slow.line(), "ERR too-slow the line did not end in time", "{model}");
        answered.send(()).unwrap();
        sending.join().unwrap();
        server.assert_answers();
        assert_eq!(server.drain().refused["too-slow"], 1, "{model}");
    }
}

#[test]
fn a_client_that_does_not_read_is_closed_and_takes_no_memory() {
    for model in Model::ALL {
        let server = Running::short(*model);
        let mut deaf = server.connect();
        let lines = b"x\n".repeat(10_000);
        let mut sent = 0;
        let error = loop {
            match deaf.stream.write(&lines) {
                Ok(length) => sent += length,
                Err(error) => break error,
            }
        };
        assert!(
            matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
            "{model}: {error}"
        );
        // What the buffers of the kernel hold, and no more: the server reads nothing while its replies wait.
        assert!(sent < 64 << 20, "{model}: {sent} bytes were taken");
        server.assert_answers();
        assert_eq!(server.drain().refused["not-reading"], 1, "{model}");
    }
}

#[test]
fn a_megabyte_without_a_line_end_is_refused_once_and_the_next_line_answered() {
    for model in Model::ALL {
        let server = Running::short(*model);
        let mut client = server.connect();
        client.send(&vec![b'x'; 1 << 20]);
        client.send(b"\nnext\n");
        assert_eq!(client.line(), "ERR too-long more than 1000 bytes", "{model}");
        assert_eq!(client.first_field(), "NEXT", "{model}");
        drop(client);
        server.assert_answers();
        assert_eq!(server.drain().refused["too-long"], 1, "{model}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_refused_and_the_next_line_answered() {
    for model in Model::ALL {
        let server = Running::short(*model);
        let mut client = server.connect();
        client.send(b"ab\xff\n\xc3\n\x00\nok\n");
        assert_eq!(client.line(), "ERR not-utf8 byte 3 is not UTF-8", "{model}");
        assert_eq!(client.line(), "ERR not-utf8 byte 1 is not UTF-8", "{model}");
        assert_eq!(client.first_field(), "\0", "{model}");
        assert_eq!(client.first_field(), "OK", "{model}");
        drop(client);
        assert_eq!(exchange(&server.udp_client(), b"\xff"), "ERR not-utf8 byte 1 is not UTF-8");
        server.assert_answers();
    }
}

#[test]
fn connections_that_are_reset_at_any_point_do_no_harm() {
    for model in Model::ALL {
        let server = Running::short(*model);
        for data in ["", "a", "a\n", "a\nb"] {
            let client = server.connect();
            (&client.stream).write_all(data.as_bytes()).unwrap();
            reset(client.stream.try_clone().unwrap());
        }
        server.assert_answers();
        let summary = server.drain();
        assert!(
            summary.errors.keys().all(|name| name == "ECONNRESET" || name == "EPIPE"),
            "{model}: {summary}"
        );
    }
}

/// Ends a connection with RST: close with `SO_LINGER` and no time, socket(7).
fn reset(stream: std::net::TcpStream) {
    let socket = socket2::Socket::from(stream);
    socket.set_linger(Some(Duration::ZERO)).unwrap();
}

#[test]
fn a_thousand_connections_that_come_and_go_at_once_do_no_harm() {
    for model in Model::ALL {
        let limits = Limits { connections: 2_000, ..SHORT };
        let server = Running::start(Settings { model: *model, limits, ..Settings::default() });
        for number in 0..1_000 {
            let stream = std::net::TcpStream::connect(server.tcp).unwrap();
            if number % 2 == 0 {
                reset(stream);
            }
        }
        server.assert_answers();
    }
}

#[test]
fn more_connections_than_allowed_are_told_so_or_wait() {
    let server = Running::start(Settings {
        limits: Limits { connections: 2, ..Limits::default() },
        ..Settings::default()
    });
    let mut accepted = [server.connect(), server.connect()];
    for client in &mut accepted {
        client.send(b"a\n");
        assert_eq!(client.first_field(), "A");
    }
    assert_eq!(server.connect().rest(), ["ERR busy too many connections"]);
    drop(accepted);
    // The server learns of the free places by an event of its own; until then it may say "busy" again.
    let mut client = server.connect();
    client.send(b"a\n");
    while client.line().starts_with("ERR busy") {
        client = server.connect();
        client.send(b"a\n");
    }
    assert!(server.drain().refused["busy"] >= 1);

    for model in [Model::Threads, Model::Sequential] {
        let limits = Limits { connections: 1, ..Limits::default() };
        let server = Running::start(Settings { model, limits, ..Settings::default() });
        let mut first = server.connect();
        first.send(b"a\n");
        assert_eq!(first.first_field(), "A", "{model}");
        let mut second = server.connect();
        second.send(b"b\n");
        first.send(b"c\n");
        assert_eq!(first.first_field(), "C", "{model}");
        drop(first);
        assert_eq!(second.first_field(), "B", "{model}");
    }
}

#[test]
fn a_client_from_elsewhere_gets_nothing() {
    for model in Model::ALL {
        let settings =
            Settings { model: *model, allow: vec!["127.0.0.1/32".parse().unwrap()], ..Settings::default() };
        let server = Running::start(settings);
        server.assert_answers();
        server.drain();

        let settings =
            Settings { model: *model, allow: vec!["10.0.0.0/8".parse().unwrap()], ..Settings::default() };
        let server = Running::start(settings);
        assert_eq!(server.connect().rest(), [""; 0], "{model}");
        let client = server.udp_client();
        client.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        client.send(b"a").unwrap();
        assert!(client.recv(&mut [0; 100]).is_err(), "{model}");
        let summary = server.drain();
        assert_eq!((summary.connections, summary.datagrams), (0, 0), "{model}: {summary}");
        assert_eq!(summary.refused["not-allowed"], 2, "{model}: {summary}");
    }
}

#[test]
fn a_datagram_too_large_gets_an_error_and_is_not_cut() {
    for model in Model::ALL {
        let server = Running::short(*model);
        let client = server.udp_client();
        assert_eq!(exchange(&client, &[b'x'; 1_001]), "ERR too-long more than 1000 bytes", "{model}");
        assert!(exchange(&client, &[b'x'; 1_000]).starts_with(&"X".repeat(1_000)), "{model}");
        server.assert_answers();
    }
    let server = Running::start(Settings::default());
    // The largest datagram that IPv4 carries: with what the transform adds there is none for the reply.
    assert_eq!(exchange(&server.udp_client(), &vec![b'x'; 65_507]), "ERR too-long more than 65507 bytes");
    assert!(exchange(&server.udp_client(), &vec![b'x'; 65_000]).starts_with(&"X".repeat(65_000)));
}

#[test]
fn clients_that_are_gone_when_their_reply_comes_do_no_harm() {
    for model in Model::ALL {
        let server = Running::short(*model);
        for _ in 0..100 {
            // The reply meets a closed port; its ICMP error must not end or silence the server.
            let gone = UdpSocket::bind("127.0.0.1:0").unwrap();
            gone.send_to(b"a", server.udp).unwrap();
        }
        server.assert_answers();
    }
}

#[test]
fn a_client_that_floods_leaves_time_for_the_others() {
    let server = Running::start(Settings::default());
    let mut flooding = server.connect();
    let mut sender = flooding.stream.try_clone().unwrap();
    let lines = b"x\n".repeat(30_000);
    let sending = std::thread::spawn(move || while sender.write_all(&lines).is_ok() {});
    assert_eq!(flooding.first_field(), "X");
    let end = flooding.stream.try_clone().unwrap();
    let reading = std::thread::spawn(move || flooding.rest().len());
    for _ in 0..10 {
        server.assert_answers();
    }
    end.shutdown(std::net::Shutdown::Both).unwrap();
    sending.join().unwrap();
    assert!(reading.join().unwrap() > 0);
    server.assert_answers();
}

#[test]
fn a_drain_ends_when_its_time_is_over_and_a_second_signal_ends_it_at_once() {
    for model in Model::ALL {
        let limits = Limits { quiet: Duration::from_secs(3_600), ..Limits::default() };
        let drain = Duration::from_millis(200);
        let server = Running::start(Settings { model: *model, limits, drain, ..Settings::default() });
        let mut unfinished = server.connect();
        unfinished.send(b"a\nunfinished");
        assert_eq!(unfinished.first_field(), "A");
        server.shutdown.signal();
        assert_eq!(server.wait().refused["cut-off"], 1, "{model}");

        let drain = Duration::from_secs(3_600);
        let server = Running::start(Settings { model: *model, limits, drain, ..Settings::default() });
        let mut unfinished = server.connect();
        unfinished.send(b"a\nunfinished");
        assert_eq!(unfinished.first_field(), "A");
        server.shutdown.signal();
        server.shutdown.signal();
        server.wait();
    }
}
