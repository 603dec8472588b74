//! What each client does to a server, and what it prints of that.

use crate::program::{ANY, Program, lines, run};
use netfault::trace::Recorder;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

/// A server of the test, which serves each of so many clients with `serve`.
fn server(clients: usize, serve: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind(ANY).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || listener.incoming().take(clients).for_each(|client| serve(client.unwrap())));
    address
}

/// An address where nobody listens.
fn nobody() -> String {
    TcpListener::bind(ANY).unwrap().local_addr().unwrap().to_string()
}

fn read_all(mut client: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    // A reset ends it as well as the end does.
    let _ = client.read_to_end(&mut all);
    all
}

#[test]
fn idle_says_nothing_and_leaves_when_its_time_is_over() {
    let address = server(1, |client| assert_eq!(read_all(client), b""));
    let clock = Recorder::forgetful();
    let output = run(&["peer", "idle", "tcp", "--to", &address, "--for", "300ms"]);
    assert!(clock.elapsed() >= Duration::from_millis(300));
    assert_eq!(
        (lines(&output), output.status.code()),
        (vec!["left after 0.3 s, 0 bytes sent".into()], Some(0))
    );
}

#[test]
fn idle_tells_that_the_other_end_closed() {
    let address = server(1, drop);
    let output = run(&["peer", "idle", "tcp", "--to", &address]);
    let said = lines(&output).concat();
    assert!(said.starts_with("closed by the other end after "), "{said}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn drip_sends_a_byte_now_and_then_and_never_a_line_end() {
    let (told, heard) = std::sync::mpsc::channel();
    let address = server(1, move |client| told.send(read_all(client)).unwrap());
    let output =
        run(&["peer", "drip", "tcp", "--to", &address, "--every", "50ms", "--for", "400ms", "ab\ncd"]);
    let sent = heard.recv().unwrap();
    assert!((3..=8).contains(&sent.len()) && b"ab cdab c".starts_with(&sent), "{sent:?}");
    let said = lines(&output).concat();
    assert!(
        said.starts_with("left after 0.4 s, ") && said.ends_with(&format!("{} bytes sent", sent.len())),
        "{said}"
    );
}

#[test]
fn drip_tells_how_it_was_cut_off() {
    let address = server(1, |mut client| client.read_exact(&mut [0; 2]).unwrap());
    let output = run(&["peer", "drip", "tcp", "--to", &address, "--every", "30ms"]);
    let said = lines(&output).concat();
    assert!(said.starts_with("closed by the other end") || said.starts_with("failed E"), "{said}");
    assert_eq!(output.status.code(), Some(0));
    let refused = run(&["peer", "drip", "tcp", "--to", &nobody()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("ECONNREFUSED"));
}

#[test]
fn ask_asks_so_often_at_its_pace_on_a_new_connection_each_time() {
    let (_program, address) = Program::tcp("echo", &[]);
    let address = address.to_string();
    let ask = ["peer", "ask", "tcp", "--to", &address, "--every", "100ms", "--times", "4", "Halo", "dunia"];
    let clock = Recorder::forgetful();
    let output = run(&ask);
    assert!(clock.elapsed() >= Duration::from_millis(300));
    assert_eq!((lines(&output), output.status.code()), (vec!["ok Halo dunia".to_owned(); 4], Some(0)));
}

#[test]
fn ask_keeps_one_connection_if_it_is_told_to() {
    let address = server(1, |mut client| {
        let mut byte = [0];
        let mut number = 0;
        while client.read_exact(&mut byte).is_ok() {
            if byte == *b"\n" {
                number += 1;
                client.write_all(format!("{number}\n").as_bytes()).unwrap();
            }
        }
    });
    let ask = ["peer", "ask", "tcp", "--to", &address, "--every", "10ms", "--times", "3", "--keep"];
    assert_eq!(lines(&run(&ask)), ["ok 1", "ok 2", "ok 3"]);
}

#[test]
fn ask_names_each_failure_and_ends_with_1() {
    let (_silent, silent) = Program::tcp("silent", &[]);
    let (_closer, closer) = Program::tcp("closer", &[]);
    let (_resetter, resetter) = Program::tcp("resetter", &[]);
    let mute = UdpSocket::bind(ANY).unwrap();
    let cases: [(&str, String, &str); 6] = [
        ("tcp", nobody(), "failed ECONNREFUSED"),
        ("udp", nobody(), "failed ECONNREFUSED"),
        ("udp", mute.local_addr().unwrap().to_string(), "failed timeout"),
        ("tcp", silent.to_string(), "failed timeout"),
        ("tcp", closer.to_string(), "failed closed"),
        ("tcp", resetter.to_string(), "failed ECONNRESET"),
    ];
    for (protocol, address, said) in cases {
        let output = run(&[
            "peer",
            "ask",
            protocol,
            "--to",
            &address,
            "--every",
            "1ms",
            "--times",
            "2",
            "--timeout",
            "2s",
        ]);
        assert_eq!((lines(&output), output.status.code()), (vec![said.to_owned(); 2], Some(1)), "{protocol}");
    }
}

#[test]
fn ask_finds_a_server_that_comes_later() {
    let address: SocketAddr = nobody().parse().unwrap();
    let ask = ["peer", "ask", "tcp", "--to", &address.to_string(), "--every", "100ms", "--times", "40"];
    let mut asking = Program::start(&ask);
    assert_eq!(asking.line(), "failed ECONNREFUSED");
    let _server = Program::start(&["peer", "echo", "--tcp", &address.to_string()]);
    let came = asking.stdout.by_ref().map(Result::unwrap).any(|line| line == "ok Ipin");
    assert!(came);
    assert_eq!(asking.wait(), Some(1));
}

#[test]
fn a_crowd_comes_at_once_and_is_counted() {
    let (_program, address) = Program::tcp("slow", &["--delay", "500ms"]);
    let address = address.to_string();
    let clock = Recorder::forgetful();
    let output = run(&["peer", "crowd", "tcp", "--to", &address, "--clients", "40"]);
    assert!(clock.elapsed() < Duration::from_secs(10), "one after the other it takes twenty seconds");
    assert_eq!((lines(&output), output.status.code()), (vec!["served 40, failed 0".to_owned()], Some(0)));
}

#[test]
fn a_crowd_tells_how_many_failed_in_which_way() {
    let (_silent, silent) = Program::udp("silent", &[]);
    let cases = [("tcp", nobody(), "ECONNREFUSED"), ("udp", silent.to_string(), "timeout")];
    for (protocol, address, word) in cases {
        let output =
            run(&["peer", "crowd", protocol, "--to", &address, "--clients", "7", "--timeout", "300ms"]);
        let said = ["served 0, failed 7".to_owned(), format!("failed {word}: 7")];
        assert_eq!((lines(&output), output.status.code()), (said.to_vec(), Some(1)));
    }
}
