//! Names, against a name server that answers as it is told to.

use crate::{diagnose, free, is_at_fault};
use netfault::failure::Protocol::Udp;
use std::io::BufRead as _;
use std::process::{Child, Command, Stdio};

/// A name server that answers by the first label of the name.
struct NameServer(Child, String);

impl NameServer {
    fn start() -> Self {
        let mut child = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diagnose/name_server.py"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.next().unwrap().unwrap();
        Self(child, address)
    }

    fn asked(&self, name: &str) -> String {
        format!("dns {name} --resolver {} --timeout 1500ms", self.1)
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn each_way_to_get_no_address_is_told_from_the_others() {
    let server = NameServer::start();
    for (name, fault) in [
        ("none.test", "name-resolution/no-such-name"),
        ("empty.test", "name-resolution/no-such-name"),
        ("fail.test", "name-resolution/server-failure"),
        ("no.test", "name-resolution/server-failure"),
        ("silent.test", "name-resolution/resolver-silent"),
        ("wrong.test", "name-resolution/resolver-silent"),
        ("cut-only.test", "name-resolution/truncated-reply"),
    ] {
        is_at_fault(&server.asked(name), fault, "proved");
    }
}

#[test]
fn a_name_with_an_address_is_healthy_also_when_it_takes_tcp_to_get_it() {
    let server = NameServer::start();
    for name in ["good.test", "cut.test"] {
        let (code, found) = diagnose(&server.asked(name));
        assert_eq!((code, found["status"].as_str()), (0, Some("healthy")), "{found:#}");
        let evidence = found["evidence"].as_array().unwrap();
        assert!(evidence.iter().any(|one| one["value"]["addresses"][0] == "192.0.2.80"), "{found:#}");
    }
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
