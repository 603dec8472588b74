//! `netfault diagnose` on targets that stand: the round trip of every fault that can be seen from outside, its near
//! miss, and healthy targets, which are never blamed.
#![cfg(all(target_os = "linux", not(netfault_blind)))]

mod names;

use netfault::failure::Protocol::{self, Tcp, Udp};
use netfault::socket::{Choice, Socket};
use netfault::trace::Recorder;
use serde_json::Value;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const V4: &str = "127.0.0.1:0";

/// What the program says of a target: its exit code and its JSON.
fn diagnose(arguments: &str) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_netfault"))
        .args(["diagnose", "--format", "json"])
        .args(arguments.split(' '))
        .output()
        .unwrap();
    let json = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments}: {error}: {}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), json)
}

#[track_caller]
fn is_at_fault(arguments: &str, fault: &str, confidence: &str) -> Value {
    let (code, found) = diagnose(arguments);
    let verdict = &found["verdict"];
    assert_eq!((&verdict["fault"], &verdict["confidence"]), (&fault.into(), &confidence.into()), "{found:#}");
    assert_eq!((code, found["status"].as_str()), (1, Some("fault")), "{found:#}");
    assert!(!verdict["because"].as_array().unwrap().is_empty() && found["next"].is_string(), "{found:#}");
    found
}

#[track_caller]
fn is_healthy(arguments: &str) {
    let (code, found) = diagnose(arguments);
    assert_eq!((code, found["status"].as_str()), (0, Some("healthy")), "{arguments}: {found:#}");
    assert_eq!(found["verdict"], Value::Null);
}

fn socket(protocol: Protocol, address: &str, choices: &[Choice]) -> Socket {
    let address: SocketAddr = address.parse().unwrap();
    let mut socket = Socket::new(&Recorder::new().actor("test"), protocol, address).unwrap();
    for choice in choices {
        socket = socket.with(*choice).unwrap();
    }
    socket.bind(address).unwrap();
    socket
}

fn listener(address: &str, backlog: i32, choices: &[Choice]) -> Socket {
    let socket = socket(Tcp, address, choices);
    socket.listen(backlog).unwrap();
    socket
}

fn client_of(server: &Socket) -> Socket {
    let address = server.local().unwrap();
    let client = Socket::new(&Recorder::new().actor("test"), Tcp, address).unwrap();
    client.connect(address).unwrap();
    client
}

fn address(socket: &Socket) -> SocketAddr {
    socket.local().unwrap()
}

fn port(socket: &Socket) -> u16 {
    address(socket).port()
}

/// A port that nobody has: the one of a socket that is closed by now.
fn free(protocol: Protocol) -> SocketAddr {
    address(&socket(protocol, V4, &[]))
}

/// The hardened server on free ports.
struct Server(Child, Vec<String>);

impl Server {
    fn start(arguments: &[&str]) -> Self {
        use std::io::BufRead as _;
        let mut child = Command::new(env!("CARGO_BIN_EXE_netfault"))
            .arg("serve")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
        let sockets = arguments.iter().filter(|argument| argument.starts_with("--")).count();
        let addresses =
            lines.take(sockets).map(|line| line.unwrap().split(' ').next_back().unwrap().to_owned());
        let addresses = addresses.collect();
        Self(child, addresses)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_server_that_serves_is_healthy_whatever_is_asked() {
    let server = Server::start(&["--tcp", V4, "--udp", V4, "--tcp", "0.0.0.0:0"]);
    is_healthy(&format!("tcp {}", server.1[0]));
    is_healthy(&format!("udp {}", server.1[2]));
    let port = server.1[1].rsplit_once(':').unwrap().1;
    is_healthy(&format!("tcp 127.0.0.1:{port}"));
    is_healthy(&format!("tcp {port}"));
}

#[test]
fn a_server_that_says_nothing_and_one_that_floods_are_healthy() {
    let silent = listener(V4, 16, &[]);
    let flooding = listener(V4, 16, &[]);
    let addresses = [address(&silent), address(&flooding)];
    std::thread::scope(|scope| {
        scope.spawn(|| silent.accept().unwrap());
        scope.spawn(|| {
            let client = flooding.accept().unwrap().with(Choice::WriteLimit(Duration::from_secs(2))).unwrap();
            while client.send(&vec![b'x'; 65536]).is_ok() {}
        });
        for address in addresses {
            is_healthy(&format!("tcp {address}"));
        }
    });
}

#[test]
fn a_server_that_is_handed_connections_only_with_their_first_byte_is_healthy() {
    use std::io::BufRead as _;
    const DEFERRING: &str = "
import socket
s = socket.socket()
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5)
s.bind(('127.0.0.1', 0))
s.listen()
print('%s:%d' % s.getsockname(), flush=True)
while True:
    s.accept()
";
    let mut child = Command::new("python3").args(["-c", DEFERRING]).stdout(Stdio::piped()).spawn().unwrap();
    let address = std::io::BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let server = Server(child, vec![address]);
    is_healthy(&format!("tcp {} --timeout 1s", server.1[0]));
}

#[test]
fn an_address_that_can_be_bound_is_healthy() {
    for (arguments, protocol) in [("", Tcp), (" --udp", Udp)] {
        is_healthy(&format!("bind {}{arguments}", free(protocol)));
        is_healthy(&format!("bind 127.0.0.1:0{arguments}"));
        is_healthy(&format!("bind 0.0.0.0:0{arguments}"));
    }
}

#[test]
fn a_port_where_nobody_listens_has_no_listener() {
    let address = free(Tcp);
    let found = is_at_fault(&format!("tcp {address}"), "connection-refused/no-listener", "proved");
    assert_eq!(found["target"], format!("tcp {address}"));
    assert_eq!(found["next"], format!("ss -ltnp 'sport = :{}'", address.port()));
    is_at_fault(&format!("udp {}", free(Udp)), "connection-refused/udp-port-unreachable", "proved");
}

#[test]
fn a_listener_on_another_address_or_in_the_other_family_is_found() {
    let elsewhere = listener("127.0.0.2:0", 16, &[]);
    let asked = format!("tcp 127.0.0.1:{}", port(&elsewhere));
    let found = is_at_fault(&asked, "connection-refused/wrong-interface", "proved");
    assert_eq!(found["next"], format!("netfault diagnose tcp {}", address(&elsewhere)));
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let v6 = listener("[::1]:0", 16, &[]);
    let asked = format!("tcp 127.0.0.1:{}", port(&v6));
    is_at_fault(&asked, "connection-refused/wrong-family", "proved");
}

#[test]
fn a_listener_that_never_accepts_is_stuck_and_one_whose_queue_is_full_says_so() {
    let stuck = listener(V4, 16, &[]);
    let asked = format!("tcp {} --timeout 400ms", address(&stuck));
    is_at_fault(&asked, "timeout/stuck-accept", "proved");
    let full = listener(V4, 0, &[]);
    let _first = client_of(&full);
    let asked = format!("tcp {} --timeout 2500ms", address(&full));
    is_at_fault(&asked, "timeout/backlog-full", "proved");
}

#[test]
fn a_stopped_server_is_to_be_continued() {
    let server = Server::start(&["--tcp", V4]);
    let pid = server.0.id();
    let signal = |name: &str| Command::new("kill").args([name, &pid.to_string()]).status().unwrap();
    assert!(signal("-STOP").success());
    let asked = format!("tcp {} --timeout 500ms", server.1[0]);
    let found = is_at_fault(&asked, "timeout/stuck-accept", "proved");
    assert_eq!(found["next"], format!("kill -CONT {pid}"));
    assert!(signal("-CONT").success());
    is_healthy(&format!("tcp {}", server.1[0]));
}

#[test]
fn a_server_without_descriptors_left_is_not_merely_stuck() {
    use std::io::BufRead as _;
    let limited = "ulimit -n 16; exec \"$0\" serve --tcp 127.0.0.1:0";
    let mut child = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_netfault")])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let line = std::io::BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let asked = line.split(' ').next_back().unwrap().to_owned();
    let server = Server(child, vec![asked.clone()]);
    let clients: Vec<_> = (0..16).map(|_| std::net::TcpStream::connect(&asked).unwrap()).collect();
    let asked = format!("tcp {} --timeout 500ms", server.1[0]);
    is_at_fault(&asked, "too-many-open-files/accept", "proved");
    drop(clients);
}

#[test]
fn a_name_with_forty_addresses_is_looked_at_within_the_limit() {
    let recorder = Recorder::new();
    let listening = listener("127.0.0.7:0", 64, &[]);
    let port = port(&listening);
    let addresses: Vec<SocketAddr> =
        (1..=40).map(|last| SocketAddr::from(([127, 0, 0, last], port))).collect();
    let by = recorder.deadline(Duration::from_millis(1500));
    let found = std::thread::scope(|scope| {
        scope.spawn(|| listening.accept().unwrap());
        netfault::examine::tcp(&recorder, "tcp forty".to_owned(), &addresses, &by)
    });
    assert_eq!(found.addresses.len(), 40);
    for one in &found.addresses {
        let fault = one.verdict.as_ref().and_then(|verdict| verdict.fault);
        let wanted = (one.address != address(&listening)).then_some(netfault::fault::Fault::WrongInterface);
        assert_eq!(fault, wanted, "{}", one.address);
    }
    assert!(recorder.elapsed() < Duration::from_secs(3));
}

#[test]
fn silence_over_udp_is_a_fault_only_where_the_datagram_lies_unread() {
    let deaf = socket(Udp, V4, &[]);
    is_at_fault(&format!("udp {}", address(&deaf)), "timeout/udp-silence", "proved");
    // One that takes every datagram and never answers may be meant so.
    let taking = socket(Udp, V4, &[]);
    let asked = format!("udp {}", address(&taking));
    std::thread::scope(|scope| {
        scope.spawn(|| taking.receive_from(64).unwrap());
        let (code, found) = diagnose(&asked);
        assert_eq!((code, found["status"].as_str()), (3, Some("inconclusive")), "{found:#}");
    });
}

#[test]
fn whatever_holds_an_address_is_named() {
    let ours = u64::from(std::process::id());
    let held_by_us = |found: &Value| {
        let evidence = found["evidence"].as_array().unwrap();
        assert!(evidence.iter().any(|one| one["value"]["pid"] == ours), "{found:#}");
    };
    let live = listener(V4, 16, &[]);
    held_by_us(&is_at_fault(&format!("bind {}", address(&live)), "address-in-use/live-listener", "proved"));
    let everything = format!("bind 0.0.0.0:{}", port(&live));
    held_by_us(&is_at_fault(&everything, "address-in-use/wildcard-overlap", "proved"));
    let idle = socket(Tcp, V4, &[]);
    held_by_us(&is_at_fault(
        &format!("bind {}", address(&idle)),
        "address-in-use/bound-not-listening",
        "proved",
    ));
    let sharing = listener(V4, 16, &[Choice::ReusePort]);
    held_by_us(&is_at_fault(
        &format!("bind {}", address(&sharing)),
        "address-in-use/reuseport-mismatch",
        "proved",
    ));
    let datagrams = socket(Udp, V4, &[]);
    held_by_us(&is_at_fault(&format!("bind {} --udp", address(&datagrams)), "address-in-use/udp", "proved"));
    is_healthy(&format!("bind 127.0.0.2:{}", port(&live)));
    is_healthy(&format!("bind {}", address(&datagrams)));
    let client = client_of(&live);
    held_by_us(&is_at_fault(
        &format!("bind {}", address(&client)),
        "address-in-use/outgoing-connection",
        "proved",
    ));
}

#[test]
fn a_dual_stack_listener_blocks_ipv4_though_it_is_not_in_its_table() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let dual = listener("[::]:0", 16, &[Choice::V6Only(false)]);
    let v4 = format!("bind 0.0.0.0:{}", port(&dual));
    is_at_fault(&v4, "address-in-use/wildcard-overlap", "proved");
    let only_v6 = listener("[::]:0", 16, &[Choice::V6Only(true)]);
    is_healthy(&format!("bind 0.0.0.0:{}", port(&only_v6)));
}

#[test]
fn remains_of_connections_tell_when_they_will_be_gone() {
    let server = listener(V4, 16, &[]);
    let client = client_of(&server);
    let asked = address(&server);
    server.accept().unwrap().close();
    server.close();
    assert_eq!(client.receive(1).unwrap(), b"");
    client.close();
    let begun = Recorder::new();
    let found = loop {
        let (_, found) = diagnose(&format!("bind {asked}"));
        if found["verdict"]["fault"] == "address-in-use/time-wait" || begun.elapsed().as_secs() > 5 {
            break found;
        }
    };
    assert_eq!(found["verdict"]["confidence"], "proved", "{found:#}");
    let next = found["next"].as_str().unwrap();
    let seconds: u32 = next.strip_prefix("sleep ").unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((30..=61).contains(&seconds), "{next}");
    assert!(next.ends_with(&format!("&& netfault diagnose bind {asked}")), "{next}");
}

#[test]
fn an_address_of_elsewhere_and_a_low_port_are_told_apart() {
    is_at_fault("bind 203.0.113.9:80", "address-not-available/not-local", "proved");
    let (code, found) = diagnose("bind 127.0.0.1:81");
    if code == 1 {
        assert_eq!(found["verdict"]["fault"], "permission-denied/privileged-port", "{found:#}");
    }
}

#[test]
fn a_name_that_does_not_exist_is_no_fault_of_a_server() {
    let (code, found) = diagnose("tcp nowhere.invalid:80 --timeout 2s");
    assert!(code == 1 || code == 3, "{found:#}");
    assert!(found["addresses"].as_array().unwrap().is_empty());
}

#[test]
fn the_limit_bounds_the_whole() {
    let full = listener(V4, 0, &[]);
    let _first = client_of(&full);
    let begun = Recorder::new();
    let (code, _) = diagnose(&format!("tcp {} --timeout 1500ms", address(&full)));
    assert_eq!(code, 1);
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[test]
fn wrong_targets_are_wrong_usage() {
    for (arguments, said) in [
        ("tcp 127.0.0.1:0", "port 0"),
        ("tcp 127.0.0.1:70000", "not a port"),
        ("udp 127.0.0.1", "port is missing"),
        ("tcp [fe80::1]:80", "interface"),
        ("tcp ::1", "brackets"),
        ("bind localhost:80", "is a name"),
        ("bind 127.0.0.1:80 --timeout 0s", "no time at all"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_netfault"))
            .arg("diagnose")
            .args(arguments.split(' '))
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {stderr}");
        assert!(stderr.contains(said), "{arguments}: {stderr}");
    }
}
