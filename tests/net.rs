//! `netfault net`, and files of virtual networks: every mistake with its file, line and key, and programs on hosts.
#![expect(clippy::print_stderr, reason = "a test that needs something says so")]

use serde_json::Value;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

const PAIR: &str = "\
format_version = 1
[hosts.client]
[hosts.server]
[links.near]
from = \"client\"
to = \"server\"
";

fn netfault(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.args(args).env_remove("NETFAULT_LANG").env("LC_ALL", "C").stdin(Stdio::null());
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A file of a network, in a folder of its own.
fn file(content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lab.toml");
    fs::write(&path, content).unwrap();
    (folder, path)
}

/// The file is refused with exit code 2, before anything is set up, and this is told of it.
#[track_caller]
fn refused(content: &str, words: &[&str]) {
    let (_folder, path) = file(content);
    let output = netfault(&["net", "up", path.to_str().unwrap()]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty());
    for word in words {
        assert!(said.contains(word), "it is not said {word:?}: {said}");
    }
}

/// The pair, with more lines for its link, which begin at line 7.
#[track_caller]
fn link_refused(lines: &str, words: &[&str]) {
    refused(&format!("{PAIR}{lines}"), words);
}

#[test]
fn hosts_and_links_that_are_no_network_are_told_with_their_place() {
    refused(
        &PAIR.replace("to = \"server\"", "to = \"sever\""),
        &["lab.toml:6:6: to:", "\"sever\"", "server?"],
    );
    refused(&PAIR.replace("to = \"server\"", "to = \"client\""), &["lab.toml:4:", "both ends of it are on"]);
    refused(&PAIR.replace("[hosts.server]", "[hosts.\"a b\"]"), &["lab.toml:", "a b"]);
    let twice = "from_addresses = [\"10.9.0.1/24\"]\nto_addresses = [\"10.9.0.1/24\"]\n";
    link_refused(twice, &["lab.toml:4:", "both ends have the address 10.9.0.1"]);
    let apart = "from_addresses = [\"10.8.0.1/24\"]\nto_addresses = [\"10.9.0.1/24\"]\n";
    link_refused(apart, &["lab.toml:4:", "10.8.0.0/24 and 10.9.0.0/24"]);
    let second = "from = \"client\"\nto = \"server\"\n";
    let over = "from_addresses = [\"10.1.0.1/16\"]\nto_addresses = [\"10.1.0.2/16\"]\n";
    let overlaps = ["lab.toml:7:", "link far: 10.1.0.0/16 overlaps 10.1.0.0/24 of the link `near`"];
    link_refused(&format!("[links.far]\n{second}{over}"), &overlaps);
    link_refused("from_addresses = [\"10.1.0/24\"]\n", &["lab.toml:7:19: from_addresses:", "10.7.0.1/24"]);
    link_refused("mtu = 12\n", &["lab.toml:7:7: mtu:", "from 1280 to 65535", "found 12"]);
}

#[test]
fn too_many_hosts_are_refused_with_the_limit() {
    let hosts: Vec<String> = (0..300).map(|number| format!("[hosts.h{number}]")).collect();
    refused(
        &format!("format_version = 1\n{}", hosts.join("\n")),
        &["lab.toml:2:2:", "300 hosts", "at most 64"],
    );
}

#[test]
fn files_that_are_none_are_refused() {
    refused(&PAIR.replace("version = 1", "version = 2"), &["lab.toml:1:18:", "format_version 2", "reads 1"]);
    refused("[hosts.a", &["lab.toml:1:"]);
    refused(&PAIR.replace("[hosts.server]", "[hosts.server]\nroute = true"), &["lab.toml:4:1:", "routes?"]);
    let (folder, path) = file([0x66, 0xff, 0xfe]);
    let missing = folder.path().join("no.toml");
    for (path, words) in
        [(&path, "UTF-8"), (&missing, "cannot read"), (&folder.path().to_path_buf(), "cannot read")]
    {
        let output = netfault(&["net", "up", path.to_str().unwrap()]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(words) && said.contains(path.to_str().unwrap()), "{said}");
        assert!(!said.contains("(2)") && !said.contains("(21)"), "a number is no name: {said}");
    }
}

#[test]
fn what_a_link_cannot_do_is_told_with_the_nearest_word() {
    for (impairment, words) in [
        ("bandwidth:rate=-1", "rate: expected a whole number from 0, found -1"),
        ("bandwidth:rate=fast", "rate: expected a whole number, found \"fast\""),
        ("bandwidth:rate=99999999999999999999", "rate: expected a whole number"),
        ("bandwith:rate=1", "did you mean bandwidth?"),
        ("latency:latency=5,strem=both", "did you mean stream?"),
        ("loss:probability=2", "probability: expected a number from 0 to 1, found 2"),
        ("slicer", "slicer is done to a connection, and a link of a virtual network carries packets"),
        ("drop:prot=9", "drop has no prot; did you mean port?"),
        ("drop:port=99999", "port: expected a number from 1 to 65535, found \"99999\""),
        ("drop:family=ipv5", "family: expected ipv4, ipv6, found \"ipv5\""),
        ("drop:with=rst", "with: only reject has it"),
        ("reject:with=rstt", "with: expected rst, "),
    ] {
        let place = "lab.toml:7:16: impairments:";
        link_refused(&format!("impairments = [{impairment:?}]\n"), &[place, impairment, words]);
    }
}

#[test]
fn names_that_nobody_has_are_refused() {
    let (_folder, path) = file(PAIR);
    let path = path.to_str().unwrap();
    for (args, words) in [
        (&["net", "up", path, "--name", "../x"][..], "--name"),
        (&["net", "exec", "client", "--net", "no-such-net", "--", "true"], "no network no-such-net is up"),
        (&["scenario", "shell", path, "--host", "sever"], "has no host sever"),
    ] {
        let output = netfault(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains(words), "{args:?}: {}", text(&output.stderr));
    }
}

/// A network that is up, and is gone when this is dropped.
struct Up {
    process: Child,
    told: Value,
    _folder: TempDir,
}

impl Up {
    /// `None` where there can be none, which is said.
    fn of(content: &str, name: &str) -> Option<Self> {
        let checked = netfault(&["net", "check"]);
        if checked.status.code() == Some(3) {
            eprintln!("left out: {}", text(&checked.stderr));
            return None;
        }
        assert_eq!(checked.status.code(), Some(0), "{checked:?}");
        let (folder, path) = file(content);
        let mut process = Command::new(env!("CARGO_BIN_EXE_netfault"))
            .args(["net", "up", path.to_str().unwrap(), "--name", name, "--format", "json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        Some(Self { process, told, _folder: folder })
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A name that no other run of these tests uses.
fn name(words: &str) -> String {
    format!("{words}-{}", std::process::id())
}

#[test]
fn programs_run_on_hosts_and_their_exit_codes_pass_through() {
    let name = name("exec");
    let Some(up) = Up::of(PAIR, &name) else { return };
    assert_eq!(
        (&up.told["name"], &up.told["hosts"][1]["addresses"][0]),
        (&name.clone().into(), &"10.1.0.2".into())
    );
    assert_eq!((&up.told["links"][0]["mtu"], &up.told["schema_version"]), (&1500.into(), &1.into()));
    let exec = |host: &str, words: &[&str]| {
        netfault(&[&["net", "exec", host, "--net", &name, "--"], words].concat())
    };
    let host = exec("server", &["hostname"]);
    assert_eq!((text(&host.stdout), host.status.code()), ("server\n".to_owned(), Some(0)));
    assert_eq!(exec("client", &["sh", "-c", "exit 7"]).status.code(), Some(7));
    assert_eq!(exec("client", &["sh", "-c", "kill -9 $$"]).status.code(), Some(137));
    for (output, words) in [
        (exec("sever", &["true"]), "has no host sever\n  It has client, server."),
        (exec("client", &["no-such-program"]), "cannot run no-such-program"),
        (exec("client", &["/etc/passwd"]), "cannot run /etc/passwd"),
        (netfault(&["net", "up", "scenarios/network/dead-peer.toml", "--name", &name]), "is up already"),
        (netfault(&["net", "exec", "client", "--net", "other", "--", "true"]), &name),
    ] {
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains(words), "{words:?}: {}", text(&output.stderr));
    }
}

#[test]
fn nothing_is_left_of_a_network_that_was_killed() {
    let name = name("killed");
    let Some(up) = Up::of(PAIR, &name) else { return };
    let mut sleeper = Command::new(env!("CARGO_BIN_EXE_netfault"))
        .args(["net", "exec", "server", "--net", &name, "--", "sh", "-c", "echo up; exec sleep 60"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(sleeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "up\n");
    drop(up);
    // Who runs a program on a host ends with it, and it ends with its network.
    assert_eq!(sleeper.wait().unwrap().code(), Some(137));
    let output = netfault(&["net", "exec", "client", "--net", &name, "--", "true"]);
    assert!(text(&output.stderr).contains(&format!("no network {name} is up")), "{output:?}");
}
