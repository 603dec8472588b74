//! What each server does to a client, and that no client ends it.

use crate::program::{ANY, Program, ask_udp, connect, exchange, read_line, run};
use netfault::trace::Recorder;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

/// Long enough to see that nothing comes.
const SHORT: Duration = Duration::from_millis(300);

fn says_nothing(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(SHORT)).unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn echo_sends_back_every_byte_over_both() {
    let mut program = Program::start(&["peer", "echo", "--tcp", ANY, "--udp", ANY]);
    let (tcp, udp) = (program.listening("tcp"), program.listening("udp"));
    let mut stream = connect(tcp);
    let sent: Vec<u8> = (0..100_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    let mut got = vec![0; sent.len()];
    std::thread::scope(|scope| {
        let mut half = stream.try_clone().unwrap();
        let sent = &sent;
        scope.spawn(move || half.write_all(sent).unwrap());
        stream.read_exact(&mut got).unwrap();
    });
    assert_eq!(got, sent);
    assert_eq!(ask_udp(udp, "a\0b\n"), "a\0b\n");
}

#[test]
fn silent_takes_everything_and_answers_nothing() {
    let mut program = Program::start(&["peer", "silent", "--tcp", ANY, "--udp", ANY]);
    let (tcp, udp) = (program.listening("tcp"), program.listening("udp"));
    let mut stream = connect(tcp);
    // More than the buffers of both kernels hold.
    stream.write_all(&vec![b'x'; 16 << 20]).unwrap();
    says_nothing(&mut stream);
    let socket = UdpSocket::bind(ANY).unwrap();
    socket.connect(udp).unwrap();
    socket.send(b"x").unwrap();
    socket.set_read_timeout(Some(SHORT)).unwrap();
    assert_eq!(socket.recv(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn stuck_lets_the_kernel_connect_and_nobody_accepts() {
    let (_program, address) = Program::tcp("stuck", &[]);
    let mut stream = connect(address);
    stream.write_all(b"x\n").unwrap();
    says_nothing(&mut stream);
    // A queue of one holds two (listen(2): a backlog of 1 is full when it is exceeded).
    let _second = connect(address);
    let third = TcpStream::connect_timeout(&address, SHORT).unwrap_err();
    assert_eq!(third.kind(), ErrorKind::TimedOut);
}

#[test]
fn slow_answers_late_and_several_at_once() {
    let delay = Duration::from_millis(400);
    let mut program = Program::start(&["peer", "slow", "--tcp", ANY, "--udp", ANY, "--delay", "400ms"]);
    let (tcp, udp) = (program.listening("tcp"), program.listening("udp"));
    let clock = Recorder::forgetful();
    std::thread::scope(|scope| {
        for _ in 0..10 {
            scope.spawn(|| {
                let answer = exchange(&mut connect(tcp), "Ipin");
                assert!(answer.starts_with("iPIN | 4 karakter | "), "{answer}");
            });
            scope.spawn(|| assert!(ask_udp(udp, "Ipin").starts_with("iPIN | ")));
        }
    });
    let took = clock.elapsed();
    assert!(took >= delay && took < 10 * delay, "twenty side by side took {took:?}");
}

#[test]
fn fragments_come_one_by_one() {
    let (_program, address) = Program::tcp("fragments", &["--size", "30", "--pause", "500ms"]);
    let mut stream = connect(address);
    stream.write_all(b"Ipin\n").unwrap();
    let mut first = [0; 1024];
    let length = stream.read(&mut first).unwrap();
    assert!(length == 30 && first.starts_with(b"iPIN | 4 karakter | "), "the first recv gave {length} bytes");
    assert!(read_line(&mut stream).ends_with(" | Data telah diproses"));
    // The connection goes on, and a request may come without a line end.
    stream.write_all(b"Upin").unwrap();
    assert!(read_line(&mut stream).starts_with("uPIN | "));
}

#[test]
fn closer_ends_in_order_without_an_answer() {
    let (_program, address) = Program::tcp("closer", &[]);
    let mut stream = connect(address);
    stream.write_all(b"Ipin\n").unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}

#[test]
fn resetter_gives_half_and_then_a_reset() {
    let (_program, address) = Program::tcp("resetter", &[]);
    let mut stream = connect(address);
    stream.write_all(b"Ipin\n").unwrap();
    let mut got = Vec::new();
    let error = stream.read_to_end(&mut got).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let got = String::from_utf8(got).unwrap();
    assert!(got.starts_with("iPIN | 4 karakter") && !got.contains("diproses"), "{got}");
}

#[test]
fn ledger_books_what_comes_twice_twice() {
    let mut program = Program::start(&["peer", "ledger", "--tcp", ANY, "--udp", ANY]);
    let (tcp, udp) = (program.listening("tcp"), program.listening("udp"));
    let mut stream = connect(tcp);
    assert_eq!(exchange(&mut stream, "pay 5"), "booked 1: pay 5");
    assert_eq!(program.line(), "booked 1 pay 5");
    assert_eq!(ask_udp(udp, "pay 5\n"), "booked 2: pay 5");
    assert_eq!(program.line(), "booked 2 pay 5");
}

#[test]
fn ledger_with_keys_books_a_key_once() {
    let (mut program, address) = Program::tcp("ledger", &["--keys"]);
    let mut stream = connect(address);
    assert_eq!(exchange(&mut stream, "k1 pay 5"), "booked 1: pay 5");
    assert_eq!(exchange(&mut connect(address), "k1 pay 5"), "again 1: pay 5");
    assert_eq!(exchange(&mut stream, "k2 pay 5"), "booked 2: pay 5");
    assert_eq!(program.line(), "booked 1 k1 pay 5");
    assert_eq!(program.line(), "booked 2 k2 pay 5");
}

#[test]
fn holder_has_the_address_and_does_not_listen() {
    let mut program = Program::start(&["peer", "holder", "--tcp", ANY, "--udp", ANY]);
    let (tcp, udp) = (program.listening("tcp"), program.listening("udp"));
    assert_eq!(TcpStream::connect(tcp).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    assert_eq!(TcpListener::bind(tcp).unwrap_err().kind(), ErrorKind::AddrInUse);
    assert_eq!(UdpSocket::bind(udp).unwrap_err().kind(), ErrorKind::AddrInUse);
}

#[test]
fn every_server_ends_at_once_with_0() {
    let roles = [
        "echo",
        "silent",
        "stuck",
        "slow",
        "fragments",
        "closer",
        "resetter",
        "ledger",
        "web-server",
        "holder",
    ];
    for (number, role) in roles.into_iter().enumerate() {
        let (program, address) = Program::tcp(role, &[]);
        // Somebody is being served meanwhile, where somebody is.
        let _client = TcpStream::connect(address);
        let signal = ["TERM", "INT"][number % 2];
        assert_eq!(program.end(signal), Some(0), "{role} after {signal}");
    }
}

#[test]
fn nothing_that_a_client_sends_ends_a_server() {
    let long = vec![b'x'; 3 << 20];
    let hostile: [&[u8]; 4] = [b"\xff\xfe\0\n", b"\n\n\n", &long, b""];
    for role in ["echo", "silent", "slow", "fragments", "closer", "resetter", "ledger", "web-server"] {
        let more: &[&str] = match role {
            "slow" => &["--delay", "1ms"],
            "fragments" => &["--pause", "1ms", "--size", "9"],
            _ => &[],
        };
        let (program, address) = Program::tcp(role, more);
        for bytes in hostile {
            let mut stream = connect(address);
            // Whether it takes all of it is its own affair.
            let _ = stream.write_all(bytes);
            let _ = stream.shutdown(Shutdown::Write);
        }
        drop(connect(address));
        connect(address).write_all(b"Ipin\n").unwrap();
        assert_eq!(program.end("TERM"), Some(0), "{role}");
    }
    for role in ["echo", "silent", "slow", "ledger"] {
        let (mut program, address) = Program::udp(role, &[]);
        let socket = UdpSocket::bind(ANY).unwrap();
        for bytes in [&long[..60_000], b"\xff", b"", b"\n"] {
            socket.send_to(bytes, address).unwrap();
        }
        // Gone before it is answered: an ICMP error comes back.
        drop(socket);
        if role == "ledger" {
            assert!(program.line().starts_with("booked 1 "));
        }
        if role != "silent" {
            assert!(!ask_udp(address, "Ipin").is_empty(), "{role}");
        }
        assert_eq!(program.end("TERM"), Some(0), "{role}");
    }
}

#[test]
fn an_address_that_is_taken_is_explained() {
    let (_program, address) = Program::tcp("echo", &[]);
    let output = run(&["peer", "silent", "--tcp", &address.to_string()]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("EADDRINUSE") && said.contains("netfault diagnose bind"), "{said}");
}

#[test]
fn wrong_roles_and_options_are_refused_with_the_nearest() {
    let wrong: &[(&[&str], &str)] = &[
        (&["ech", "--tcp", "0"], "'echo'"),
        (&["echo"], "--tcp"),
        (&["stuck", "--udp", "0"], "--udp"),
        (&["fragments", "--tcp", "0", "--size", "0"], "--size"),
        (&["slow", "--tcp", "0", "--delay", "2"], "with a unit"),
        (&["ask", "tcp"], "--to"),
        (&["ask", "sctp", "--to", "1"], "tcp, udp"),
        (&["crowd", "tcp", "--to", "1", "--clients", "0"], "--clients"),
        (&["idle", "tcp", "--to", "0"], "port 0"),
        (&["echo", "--tcp", "0", "--trace", "/nowhere/trace.ndjson"], "/nowhere/trace.ndjson"),
    ];
    for (arguments, words) in wrong {
        let output = run(&[&["peer"], *arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_name_server_answers_on_one_port_of_both_transports_and_outlives_what_is_no_question() {
    let mut program = Program::start(&["peer", "name-server", "--tcp", ANY, "--udp", ANY]);
    let (tcp, udp) = (program.listening("tcp"), program.listening("udp"));
    assert_eq!(tcp, udp);
    let question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x04test\x00\x00\x01\x00\x01";
    let socket = UdpSocket::bind(ANY).unwrap();
    socket.connect(udp).unwrap();
    socket.set_read_timeout(Some(crate::program::PATIENCE)).unwrap();
    for nonsense in [&b""[..], b"x", &[0xff; 600], &question[..20]] {
        socket.send(nonsense).unwrap();
    }
    socket.send(question).unwrap();
    let mut reply = [0; 512];
    let length = socket.recv(&mut reply).unwrap();
    assert!(reply[..2] == question[..2] && reply[..length].ends_with(&[192, 0, 2, 34]));

    let framed = [&[0, 24][..], question].concat();
    assert_eq!(framed.len(), 26);
    // One that says nothing, one that stops in the middle, and one that sends two questions in three pieces.
    let _idle = connect(tcp);
    connect(tcp).write_all(&framed[..9]).unwrap();
    let mut stream = connect(tcp);
    for piece in [&framed[..1], &framed[1..], &framed] {
        stream.write_all(piece).unwrap();
    }
    stream.shutdown(Shutdown::Write).unwrap();
    let mut replies = Vec::new();
    stream.read_to_end(&mut replies).unwrap();
    assert_eq!(replies.len(), 2 * (2 + length));
}
