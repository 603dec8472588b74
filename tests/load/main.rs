//! `netfault load` against servers of every temper: what is counted, what is measured, and what is refused.
#![cfg(unix)]

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

/// A program of ours that serves until the test ends.
struct Serving {
    process: Child,
    addresses: Vec<String>,
}

impl Serving {
    fn start(arguments: &[&str], sockets: usize) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_netfault"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = |line: std::io::Result<String>| line.unwrap().rsplit(' ').next().unwrap().to_owned();
        let addresses = lines.take(sockets).map(address).collect();
        Self { process, addresses }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn load(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_netfault")).arg("load").args(arguments).output().unwrap()
}

/// The result in JSON, with what every result has to hold.
fn found(arguments: &[&str]) -> (Value, i32) {
    let output = load(&[arguments, &["--format", "json"]].concat());
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["schema_version"], 1);
    let number = |name: &str| found[name].as_u64().unwrap();
    assert_eq!(number("answered") + number("unanswered") + failed(&found), number("sent"), "{found}");
    (found, output.status.code().unwrap())
}

fn failed(found: &Value) -> u64 {
    found["errors"].as_array().unwrap().iter().map(|error| error["count"].as_u64().unwrap()).sum()
}

/// The only way in which requests failed: all of them.
fn only_error(found: &Value) -> (&str, Option<&str>, &str) {
    let errors = found["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{found}");
    assert_eq!(errors[0]["count"], found["sent"], "{found}");
    let word = |name: &str| errors[0][name].as_str();
    (word("family").unwrap(), word("errno"), word("call").unwrap())
}

#[test]
fn every_request_to_our_server_is_answered_over_tcp_and_udp_in_both_loops() {
    let server = Serving::start(&["serve", "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0"], 2);
    for (protocol, address) in ["tcp", "udp"].iter().zip(&server.addresses) {
        let closed = ["--concurrency", "8", "--duration", "200ms", "--timeout", "20s"];
        let (found, exit) = found(&[&[protocol, address.as_str()][..], &closed].concat());
        assert_eq!((exit, &found["mode"]), (0, &Value::from("closed")), "{found}");
        assert!(found["answered"].as_u64().unwrap() > 8, "{found}");
        let counted = found["histogram"].as_array().unwrap().iter().map(|bin| bin["count"].as_u64().unwrap());
        assert_eq!(
            counted.sum::<u64>(),
            found["answered"].as_u64().unwrap(),
            "every answer is in the histogram"
        );

        let open = ["--rate", "200/s", "--arrivals", "even", "--duration", "500ms", "--timeout", "20s"];
        let (found, _) = self::found(&[&[protocol, address.as_str()][..], &open].concat());
        assert_eq!(failed(&found), 0, "{found}");
        // On a busy machine the generator may say that it was late: then it gives no latency.
        assert_eq!(found["latency_ms"].is_null(), found["overloaded"].as_bool().unwrap(), "{found}");
    }
}

#[test]
fn a_port_without_a_server_refuses_each_request_and_is_not_asked_in_circles() {
    let bound = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = bound.local_addr().unwrap().to_string();
    drop(bound);
    for protocol in ["tcp", "udp"] {
        let (found, exit) = found(&[protocol, &address, "--concurrency", "2", "--duration", "500ms"]);
        let call = if protocol == "tcp" { "connect" } else { "recv" };
        assert_eq!(only_error(&found), ("connection-refused", Some("ECONNREFUSED"), call));
        assert_eq!(exit, 1);
        // Two at once, each of which rests for 50 ms after a refusal.
        assert!(found["sent"].as_u64().unwrap() <= 2 * 12, "{found}");
    }
}

#[test]
fn silence_is_a_timeout_without_an_errno() {
    let silent = Serving::start(&["peer", "silent", "--tcp", "127.0.0.1:0"], 1);
    let datagrams = UdpSocket::bind("127.0.0.1:0").unwrap();
    let udp = datagrams.local_addr().unwrap().to_string();
    for (protocol, address) in [("tcp", &silent.addresses[0]), ("udp", &udp)] {
        let (found, exit) = found(&[
            protocol,
            address,
            "--rate",
            "100/s",
            "--arrivals",
            "even",
            "--duration",
            "300ms",
            "--timeout",
            "100ms",
        ]);
        assert_eq!(only_error(&found), ("timeout", None, "recv"));
        assert!(found["latency_ms"].is_null() && found["sent"].as_u64().unwrap() > 0, "{found}");
        assert!([1, 3].contains(&exit), "{exit}");
    }
}

/// A server that resets two connections, each after the first byte of a request, and answers from then on.
fn resets_twice() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut resets = 0;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 1];
            if stream.read(&mut request).unwrap_or_default() == 0 {
                return;
            }
            resets += 1;
            if resets > 2 {
                // Data that was not read: closing resets the connection (RFC 2525, 2.17). After two, it answers.
                thread::spawn(move || answer_lines(stream, |_| {}));
            }
        }
    });
    address
}

#[test]
fn a_strategy_tries_again_and_tells_what_that_added() {
    let arguments =
        ["--concurrency", "1", "--duration", "500ms", "--timeout", "20s", "--strategy", "immediate"];
    let (found, exit) = found(&[&["tcp", resets_twice().as_str()][..], &arguments].concat());
    assert_eq!((exit, failed(&found), &found["strategy"]), (0, 0, &"immediate".into()), "{found}");
    let number = |name: &str| found[name].as_u64().unwrap();
    assert_eq!((number("attempts"), number("reconnections")), (number("sent") + 2, 2), "{found}");
}

#[test]
fn a_circuit_keeps_requests_from_a_server_that_refuses() {
    let bound = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = bound.local_addr().unwrap().to_string();
    drop(bound);
    let arguments = ["--rate", "200/s", "--duration", "500ms", "--strategy", "circuit-breaker"];
    let (found, _) = found(&[&["tcp", address.as_str()][..], &arguments].concat());
    let errors = found["errors"].as_array().unwrap();
    let kept = errors.iter().find(|error| error["call"] == "circuit-open").unwrap();
    assert!(
        kept["family"].is_null() && kept["count"].as_u64() > found["sent"].as_u64().map(|sent| sent / 2),
        "{found}"
    );
    assert!(found["attempts"].as_u64() < found["sent"].as_u64(), "{found}");
}

#[test]
fn a_connection_that_is_reset_is_made_anew_and_the_load_goes_on() {
    let address = resets_twice();
    let (found, exit) =
        found(&["tcp", &address, "--concurrency", "1", "--duration", "500ms", "--timeout", "20s"]);
    assert_eq!(exit, 1);
    let error = &found["errors"][0];
    assert_eq!(
        (&error["family"], &error["errno"]),
        (&"connection-reset".into(), &"ECONNRESET".into()),
        "{found}"
    );
    assert_eq!((failed(&found), &found["reconnections"]), (2, &2.into()), "{found}");
    assert!(found["answered"].as_u64().unwrap() > 0, "{found}");
}

#[test]
fn a_server_that_stalls_once_is_seen_to_stall_by_the_requests_that_were_to_be_made_meanwhile() {
    const STALL: Duration = Duration::from_millis(600);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        // A stall is what is tested: the server does nothing for this long, once.
        answer_lines(stream, |number| {
            if number == 20 {
                thread::sleep(STALL);
            }
        });
    });
    let (found, _) = found(&[
        "tcp",
        &address,
        "--rate",
        "100/s",
        "--arrivals",
        "even",
        "--duration",
        "2s",
        "--timeout",
        "20s",
        "--connections",
        "1",
    ]);
    assert_eq!(found["answered"], 200, "{found}");
    if found["overloaded"] == false {
        // Sixty of two hundred requests were to be made during the stall; were only the one measured that met it, the
        // 90th of a hundred would not know of it.
        let p90 = found["latency_ms"]["p90"].as_f64().unwrap();
        assert!(p90 >= 300.0, "{found}");
    }
}

/// Answers each line with itself; before that, `before` is told its number.
fn answer_lines(stream: TcpStream, before: impl Fn(usize)) {
    let mut back = stream.try_clone().unwrap();
    for (number, line) in BufReader::new(stream).lines().enumerate() {
        before(number);
        let Ok(line) = line else { return };
        if back.write_all(format!("{line}\n").as_bytes()).is_err() {
            return;
        }
    }
}

#[test]
fn a_rate_that_this_machine_cannot_drive_is_said_and_nothing_is_given_as_the_servers() {
    let server = Serving::start(&["serve", "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0"], 1);
    let (found, exit) = found(&["tcp", &server.addresses[0], "--rate", "500M/s", "--duration", "200ms"]);
    assert_eq!((exit, &found["overloaded"]), (3, &true.into()), "{found}");
    assert!(found["latency_ms"].is_null() && found["goodput_per_s"].is_null());
    assert!(found["histogram"].as_array().unwrap().is_empty());
    assert!(found["driven_per_s"].as_f64().unwrap() > 0.0);
}

#[test]
fn ctrl_c_ends_it_with_what_is_known_by_then() {
    let seen = TcpListener::bind("127.0.0.1:0").unwrap();
    let process = Command::new(env!("CARGO_BIN_EXE_netfault"))
        .args([
            "load",
            "tcp",
            &seen.local_addr().unwrap().to_string(),
            "--duration",
            "1h",
            "--format",
            "json",
        ])
        .args(["--connections", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Once a request has come, it is under way.
    let (mut stream, _) = seen.accept().unwrap();
    stream.read_exact(&mut [0; 1]).unwrap();
    let id = process.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &id]).status().unwrap().success());
    let output = process.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["interrupted"], true);
    assert!(found["sent"].as_u64().unwrap() > 0);
}

#[test]
fn wrong_usage_is_refused_with_the_reason() {
    for (arguments, said) in [
        (&["tcp", "12345", "--rate", "0"][..], "makes no requests"),
        (&["tcp", "12345", "--rate", "-5/s"], "makes no requests"),
        (&["tcp", "12345", "--rate", "fast"], "not a rate"),
        (&["tcp", "12345", "--concurrency", "0"], "1..="),
        (&["tcp", "12345", "--rate", "5", "--concurrency", "5"], "cannot be used with"),
        (&["tcp", "12345", "--duration", "0s"], "no time at all"),
        (&["tcp", "12345", "--text", "a\nb"], "one line"),
        (&["tcp", "0"], "port 0"),
        (&["tcp", "12345", "--strategy", "full-jiter"], "'full-jitter'"),
        (&["tcp", "12345", "--strategy", "hedging"], "possible values"),
    ] {
        let output = load(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {stderr}");
        assert!(stderr.contains(said), "{arguments:?} {stderr}");
    }
}

#[test]
fn the_page_for_a_browser_has_the_histogram_and_may_load_nothing() {
    let server = Serving::start(&["serve", "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0"], 1);
    let arguments =
        ["tcp", &server.addresses[0], "--concurrency", "2", "--duration", "100ms", "--format", "html"];
    let page = String::from_utf8(load(&arguments).stdout).unwrap();
    assert!(page.contains("<svg") && page.contains("default-src 'none'") && page.contains("p99.9"), "{page}");
}
