//! What a client may rely on, whatever the model.

use crate::running::{Running, any_port, exchange};
use netfault::failure::Protocol;
use netfault::server::{Model, Server, Settings};
use netfault::transform::Reply;
use std::io::{BufWriter, Write as _};
use std::net::Shutdown;

fn of(model: Model) -> Running {
    Running::start(Settings { model, ..Settings::default() })
}

#[test]
fn lines_and_datagrams_are_answered_by_every_model() {
    for model in Model::ALL {
        let server = of(*model);
        let mut client = server.connect();
        client.send(b"ipin\nUpin\r\n\n");
        for expected in ["IPIN | 4 karakter | ", "uPIN | 4 karakter | ", " | 0 karakter | "] {
            let line = client.line();
            assert!(
                line.starts_with(expected) && line.ends_with(" | Data telah diproses"),
                "{model}: {line}"
            );
        }
        let udp = server.udp_client();
        for (data, expected) in
            [("ipin", "IPIN | 4 k"), ("", " | 0 k"), (" ipin\n", "IPIN | 5 k"), ("a\nb", "A\nB | 3 k")]
        {
            let reply = exchange(&udp, data.as_bytes());
            assert!(reply.starts_with(expected) && reply.ends_with("diproses"), "{model}: {reply:?}");
        }
        drop(client);
        let summary = server.drain();
        assert_eq!((summary.connections, summary.lines, summary.datagrams), (1, 3, 4), "{model}: {summary}");
        assert!(summary.refused.is_empty() && summary.errors.is_empty(), "{model}: {summary}");
    }
}

#[test]
fn a_client_that_sends_no_line_end_and_waits_is_answered() {
    for model in Model::ALL {
        let server = of(*model);
        let mut client = server.connect();
        client.send(b"Halo dari client");
        assert_eq!(client.first_field(), "hALO DARI CLIENT", "{model}");
        client.send(b"lagi");
        assert_eq!(client.first_field(), "LAGI", "{model}");
    }
}

#[test]
fn a_half_closed_client_gets_its_reply_and_then_the_end() {
    for model in Model::ALL {
        let server = of(*model);
        let mut client = server.connect();
        client.send(b"a\nb");
        client.stream.shutdown(Shutdown::Write).unwrap();
        let replies = client.rest();
        assert_eq!(replies.len(), 2, "{model}: {replies:?}");
        assert!(replies[1].starts_with("B | 1 karakter"), "{model}: {replies:?}");
    }
}

#[test]
fn a_long_pipeline_is_answered_in_order() {
    const LINES: usize = 50_000;
    for model in Model::ALL {
        let server = of(*model);
        let mut client = server.connect();
        let mut sender = BufWriter::new(client.stream.try_clone().unwrap());
        let sending = std::thread::spawn(move || {
            for number in 0..LINES {
                writeln!(sender, "{number}").unwrap();
            }
        });
        for number in 0..LINES {
            assert_eq!(client.first_field(), number.to_string(), "{model}");
        }
        sending.join().unwrap();
    }
}

#[test]
fn replies_are_written_as_asked() {
    let server = Running::start(Settings { reply: Reply::Json, ..Settings::default() });
    let mut client = server.connect();
    client.send(b" ipin\n\xff\n");
    assert!(client.line().starts_with(r#"{"text":"IPIN","count":5,"timestamp":""#));
    assert_eq!(client.line(), r#"{"error":{"code":"not-utf8","reason":"byte 1 is not UTF-8"}}"#);
}

#[test]
fn a_drain_answers_what_has_arrived_closes_idle_connections_and_ends() {
    for model in Model::ALL {
        let server = of(*model);
        let mut idle = server.connect();
        idle.send(b"a\n");
        assert_eq!(idle.first_field(), "A");
        if *model != Model::Sequential {
            let mut unfinished = server.connect();
            unfinished.send(b"x\nunfinished");
            assert_eq!(unfinished.first_field(), "X");
            server.shutdown.drain();
            assert_eq!(unfinished.first_field(), "UNFINISHED", "{model}");
        }
        let address = server.tcp;
        let summary = server.drain();
        assert!(summary.refused.is_empty() && summary.errors.is_empty(), "{model}: {summary}");
        assert_eq!(idle.line(), "");
        assert!(std::net::TcpStream::connect(address).is_err());
    }
}

#[test]
fn all_addresses_are_bound_or_none() {
    let any = any_port();
    let holder = Server::bind(Settings { udp: vec![any], ..Settings::default() }).unwrap();
    let taken = holder.addresses()[0].1;
    let settings = Settings { tcp: vec![taken], udp: vec![any, taken], ..Settings::default() };
    let failure = Server::bind(settings.clone()).unwrap_err();
    assert!(failure.is("EADDRINUSE"), "{failure}");
    assert_eq!((failure.call.protocol, failure.call.address()), (Protocol::Udp, Some(taken)));
    drop(holder);
    let addresses = Server::bind(settings).unwrap().addresses();
    assert_eq!((addresses[0], addresses[2]), ((Protocol::Tcp, taken), (Protocol::Udp, taken)));
    assert!(addresses[1].1.port() > 0);
}

#[test]
fn a_server_binds_again_while_its_old_connections_are_in_time_wait() {
    let server = of(Model::EventLoop);
    let address = server.tcp;
    let mut client = server.connect();
    client.send(b"a\n");
    client.line();
    // The server closes first, so that its side is the one that waits.
    server.drain();
    assert_eq!(client.line(), "");
    drop(client);
    Server::bind(Settings { tcp: vec![address], ..Settings::default() }).unwrap();
}
