//! `netfault serve` as a process: what it prints, which signals end it, and what it does without file descriptors.
#![cfg(unix)]

use crate::running::{Client, any_port};
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

/// A server process. It ends with the test, however that ends.
struct Program {
    process: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: Lines<BufReader<ChildStderr>>,
}

impl Program {
    /// Runs `netfault serve` with these arguments and at most so many file descriptors.
    fn start(descriptors: u32, arguments: &[&str]) -> Self {
        let mut process = Command::new("sh")
            .args(["-c", &format!("ulimit -n {descriptors} && exec \"$0\" serve \"$@\"")])
            .arg(env!("CARGO_BIN_EXE_netfault"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(process.stdout.take().unwrap()).lines();
        let stderr = BufReader::new(process.stderr.take().unwrap()).lines();
        Self { process, stdout, stderr }
    }

    /// The address in the next line of stdout, which must name `protocol`.
    fn listening(&mut self, protocol: &str) -> SocketAddr {
        let line = self.stdout.next().unwrap().unwrap();
        line.strip_prefix(&format!("listening {protocol} "))
            .unwrap_or_else(|| panic!("{line}"))
            .parse()
            .unwrap()
    }

    fn log_line(&mut self, with: &str) -> String {
        self.stderr.by_ref().map(Result::unwrap).find(|line| line.contains(with)).unwrap()
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// The rest of stdout and stderr, and how the process ended.
    fn end(mut self) -> (Vec<String>, Vec<String>, ExitStatus) {
        let stdout = self.stdout.by_ref().map(Result::unwrap).collect();
        let stderr = self.stderr.by_ref().map(Result::unwrap).collect();
        (stdout, stderr, self.process.wait().unwrap())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_line_for_each_socket_and_a_summary_after_sigint_or_sigterm() {
    let any = any_port().to_string();
    for signal in ["INT", "TERM"] {
        let mut program = Program::start(100, &["--tcp", &any, "--udp", &any, "--tcp", &any]);
        let addresses = ["tcp", "tcp", "udp"].map(|protocol| program.listening(protocol));
        assert!(addresses.iter().all(|address| address.port() > 0));
        let mut client = Client::connect(addresses[1]);
        client.send(b"ipin\n");
        assert_eq!(client.first_field(), "IPIN");
        program.signal(signal);
        let (stdout, stderr, status) = program.end();
        let expected = "served 1 lines on 1 connections and 0 datagrams; refused: none; errors: none";
        assert_eq!(stdout, [expected], "{signal}");
        assert_eq!((stderr, status.code()), (Vec::new(), Some(0)), "{signal}");
    }
}

#[test]
fn a_second_signal_ends_a_drain_at_once() {
    let any = any_port().to_string();
    let mut program = Program::start(100, &["--tcp", &any, "--drain", "1h", "-v"]);
    let mut client = Client::connect(program.listening("tcp"));
    client.send(b"a\n");
    client.first_field();
    // A client that does not read keeps the drain from ending.
    client.stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    while (&client.stream).write_all(&b"x\n".repeat(1_000)).is_ok() {}
    program.signal("INT");
    program.log_line("drains");
    program.signal("INT");
    let (stdout, _, status) = program.end();
    assert!(stdout[0].starts_with("served "), "{stdout:?}");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn without_file_descriptors_accept_pauses_says_so_once_and_recovers() {
    const CLIENTS: usize = 60;
    let any = any_port().to_string();
    let mut program = Program::start(24, &["--tcp", &any]);
    let address = program.listening("tcp");
    let mut clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let mut client = Client::connect(address);
            client.send(format!("{number}\n").as_bytes());
            client
        })
        .collect();
    let said = program.log_line("accept pauses until there is room");
    assert!(said.contains("WARN") && said.contains("os error 24"), "{said}");
    // Each that leaves makes room for one that waits.
    for (number, mut client) in clients.drain(..).enumerate() {
        assert_eq!(client.first_field(), number.to_string());
    }
    let mut late = Client::connect(address);
    late.send(b"late\n");
    assert_eq!(late.first_field(), "LATE");
    program.signal("INT");
    let (stdout, stderr, status) = program.end();
    assert!(stdout[0].starts_with(&format!("served {} lines", CLIENTS + 1)), "{stdout:?}");
    assert!(stdout[0].contains(" EMFILE"), "{stdout:?}");
    assert_eq!(stderr, [""; 0], "said more than once");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_naive_server_answers_and_dies_of_bytes_that_are_not_utf8() {
    let any = any_port().to_string();
    let mut program = Program::start(100, &["--naive", "--tcp", &any, "--udp", &any]);
    let (tcp, udp) = (program.listening("tcp"), program.listening("udp"));
    let mut client = Client::connect(tcp);
    client.send(b"ipin");
    assert_eq!(client.first_field(), "IPIN");
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.send_to(b"\xff", udp).unwrap();
    let (stdout, stderr, status) = program.end();
    let error = stderr.join("\n");
    assert_eq!((stdout.len(), status.code()), (0, Some(1)), "{error}");
    assert!(error.contains("recv udp"), "{error}");
}
