//! Names, against name servers of the lab's own (`netfault peer name-server`).

use crate::{diagnose, free, is_at_fault};
use netfault::failure::Protocol::Udp;
use serde_json::Value;
use std::io::BufRead as _;
use std::process::{Child, Command, Stdio};

/// A name server that says one thing.
struct NameServer(Child, String);

impl NameServer {
    fn saying(arguments: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_netfault"))
            .args(["peer", "name-server", "--udp", crate::V4, "--tcp", crate::V4, "--says"])
            .args(arguments.split(' '))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
        let lines: Vec<String> = lines.take(2).map(|line| line.unwrap()).collect();
        let tcp = lines[0].strip_prefix("listening tcp ").unwrap().to_owned();
        assert_eq!(lines[1], format!("listening udp {tcp}"), "one port for both");
        Self(child, tcp)
    }

    fn asked(&self) -> String {
        format!("dns www.example.test --resolver {} --timeout 1500ms", self.1)
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Why there is no address, as the first reason of the verdict says it.
fn message(found: &Value) -> String {
    let number = found["verdict"]["because"][0]["event"].as_u64().unwrap();
    let events = found["events"].as_array().unwrap();
    let failed = events.iter().find(|event| event["seq"] == number).unwrap();
    failed["message"].as_str().unwrap_or_else(|| panic!("{failed:#}")).to_owned()
}

#[test]
fn each_way_to_get_no_address_is_told_from_the_others() {
    let mut messages = Vec::new();
    for (says, fault, said) in [
        ("nxdomain", "no-such-name", "NXDOMAIN"),
        ("nodata", "no-such-name", "NODATA"),
        ("servfail", "server-failure", "SERVFAIL"),
        ("refused", "server-failure", "REFUSED"),
        ("silent", "resolver-silent", "no reply"),
        ("truncated-only", "truncated-reply", "cut off"),
        ("alias-loop", "server-failure", "in a circle: www.example.test → other.test → www.example.test"),
    ] {
        let server = NameServer::saying(says);
        let found = is_at_fault(&server.asked(), &format!("name-resolution/{fault}"), "proved");
        assert!(message(&found).contains(said), "{says}: {}", message(&found));
        messages.push(message(&found));
    }
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), 7, "{messages:?}");
}

#[test]
fn what_is_no_reply_is_silence_and_what_came_instead_is_told() {
    for (says, because) in [
        ("garbage", "it is no message of DNS"),
        ("pointer-loop", "it is no message of DNS"),
        ("wrong-id", "it has another number than the question"),
        ("wrong-question", "it is a reply to another question: other.test"),
    ] {
        let server = NameServer::saying(says);
        let found = is_at_fault(&server.asked(), "name-resolution/resolver-silent", "proved");
        let evidence = found["evidence"].as_array().unwrap();
        let ignored = evidence.iter().filter(|one| one["field"] == "dns-ignored");
        let told: Vec<&str> = ignored.map(|one| one["value"]["because"].as_str().unwrap()).collect();
        assert!(!told.is_empty() && told.iter().all(|one| one.starts_with(because)), "{says}: {told:?}");
    }
}

#[test]
fn a_name_with_an_address_is_healthy_whatever_it_takes_to_get_it() {
    for says in ["answer", "truncated", "formerr", "answer --alias host.test", "answer --delay 200ms"] {
        let server = NameServer::saying(says);
        let (code, found) = diagnose(&server.asked());
        assert_eq!((code, found["status"].as_str()), (0, Some("healthy")), "{found:#}");
        let evidence = found["evidence"].as_array().unwrap();
        assert!(evidence.iter().any(|one| one["value"]["addresses"][0] == "192.0.2.34"), "{found:#}");
    }
}

#[test]
fn a_name_of_the_hosts_file_that_name_servers_do_not_know_is_healthy_and_told() {
    let server = NameServer::saying("nxdomain");
    let (_, found) = diagnose(&format!("dns localhost --resolver {} --timeout 1500ms", server.1));
    let evidence = found["evidence"].as_array().unwrap();
    let known = evidence.iter().find(|one| one["field"] == "hosts-file").unwrap();
    assert!(known["value"]["addresses"].as_array().is_some_and(|known| !known.is_empty()), "{known:#}");
    // Without a name server of one's own it is getaddrinfo that counts, and that looks there first.
    let (code, found) = diagnose("dns localhost --timeout 1500ms");
    assert_eq!((code, found["status"].as_str()), (0, Some("healthy")), "{found:#}");
}

#[test]
fn where_no_name_server_is_its_host_says_so() {
    let asked = format!("dns good.test --resolver {} --timeout 1s", free(Udp));
    is_at_fault(&asked, "connection-refused/udp-port-unreachable", "proved");
}

#[test]
fn what_is_no_name_is_wrong_usage() {
    for (name, said) in [
        ("127.0.0.1", "an address already"),
        ("http://example.test/x", "the name in it is example.test"),
        ("example.test:80", "is not a name"),
        ("x.test --resolver nowhere", "not the address of a name server"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_netfault"))
            .args(["diagnose", "dns"])
            .args(name.split(' '))
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {stderr}");
        assert!(stderr.contains(said), "{name}: {stderr}");
    }
}
