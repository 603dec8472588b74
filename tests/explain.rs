//! `netfault explain`: by id, name, number, words, and out of pasted text.

use serde_json::Value;
use std::io::Write;
use std::process::{Command, Output, Stdio};

fn explain(args: &[&str]) -> Output {
    command(args).stdin(Stdio::null()).output().unwrap()
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_netfault"));
    command.arg("explain").args(args).env_remove("NETFAULT_LANG").env("LC_ALL", "C");
    command
}

/// `netfault explain -` with `text` on its stdin.
fn paste(text: &[u8], args: &[&str]) -> Output {
    let mut child = command(&[&["-"], args].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    child.wait_with_output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn recognised(words: &str, family: &str, errno: Option<&str>) {
    let args: Vec<&str> = words.split(' ').chain(["--format", "json"]).collect();
    let output = explain(&args);
    let report = json(&output);
    assert_eq!(output.status.code(), Some(0), "{words}: {report}");
    let first = &report["recognised"][0];
    assert_eq!((&first["family"], &first["errno"]), (&family.into(), &errno.into()), "{words}");
    assert_eq!(first["page"]["id"], family, "{words}");
    assert_eq!(first["line"], Value::Null, "{words}: no text was pasted");
}

#[test]
fn an_error_is_known_by_its_names_its_numbers_and_its_words() {
    let (refused, in_use, timeout) = ("connection-refused", "address-in-use", "timeout");
    for words in
        ["ECONNREFUSED", "econnrefused", "WSAECONNREFUSED", "111", "61", "10061", "-111", "errno 111"]
    {
        recognised(words, refused, Some("ECONNREFUSED"));
    }
    for words in
        ["EADDRINUSE", "98", "48", "WinError 10048", "Address already in use", "Alamat telah digunakan"]
    {
        recognised(words, in_use, Some("EADDRINUSE"));
    }
    recognised("connection refused", refused, Some("ECONNREFUSED"));
    recognised("Koneksi ditolak", refused, Some("ECONNREFUSED"));
    recognised("Connection timed out", timeout, Some("ETIMEDOUT"));
    recognised("Koneksi kehabisan waktu", timeout, Some("ETIMEDOUT"));
    recognised("refused", refused, None);
    recognised("timed out", timeout, None);
    recognised("in-use", in_use, None);
}

#[test]
fn a_fault_has_a_page_of_its_own() {
    let report = json(&explain(&["address-in-use/time-wait", "--format", "json"]));
    let first = &report["recognised"][0];
    assert_eq!(first["fault"], "address-in-use/time-wait");
    assert_eq!(first["errno"], Value::Null);
    assert_eq!(first["page"]["id"], "address-in-use/time-wait");
    assert_eq!(first["page"]["numbers"][0]["windows"], 10048);
    assert!(first["page"]["causes"][0]["check"].is_string());
}

#[test]
fn a_page_is_read_in_its_order() {
    let page = text(&explain(&["ECONNREFUSED"]));
    let parts = [
        "ECONNREFUSED  ",
        "Linux 111 · macOS 61 · Windows 10061 WSAECONNREFUSED",
        "What it proves",
        "What it does not prove",
        "Causes, most likely first",
        "1. ",
        "check: ",
        "fix: ",
        "What does not help",
        "Try again?",
        "Handling it",
        "Python",
        "Rust",
        "Platforms",
        "See it happen",
        "netfault reproduce connection-refused",
        "Related",
    ];
    let mut rest = page.as_str();
    for part in parts {
        let (_, after) = rest.split_once(part).unwrap_or_else(|| panic!("no {part:?} in its place:\n{page}"));
        rest = after;
    }
    assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
}

#[test]
fn brief_is_the_name_the_meaning_and_what_it_proves() {
    let (whole, brief) = (text(&explain(&["111"])), text(&explain(&["111", "--brief"])));
    assert!(whole.starts_with(&brief), "{brief}");
    assert!(brief.contains("What it does not prove") && !brief.contains("Causes"), "{brief}");
}

#[test]
fn ideas_are_explained_and_drawn() {
    for id in ["socket", "tcp-vs-udp", "address", "threading", "udp-flow", "tcp-flow"] {
        let page = text(&explain(&[id, "--lang", "id"]));
        assert!(page.starts_with(id), "{page}");
        let report = json(&explain(&[id, "--format", "json"]));
        assert_eq!(report["concepts"][0]["id"], id);
        assert_eq!(report["recognised"], serde_json::json!([]));
    }
    let flow = text(&explain(&["tcp-flow"]));
    for call in ["socket", "bind", "listen", "accept", "connect", "send", "recv", "close"] {
        assert!(flow.contains(call), "{call} is not in the flow:\n{flow}");
    }
}

#[test]
fn what_is_unknown_ends_with_1_and_the_nearest() {
    for (words, nearest) in [
        ("ECONREFUSED", "ECONNREFUSED"),
        ("address-in-use/timewait", "address-in-use/time-wait"),
        ("tcp-flo", "tcp-flow"),
        ("the server refused me", "connection-refused"),
    ] {
        let output = explain(&words.split(' ').collect::<Vec<_>>());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{words}");
        assert!(said.contains(&format!("netfault explain {nearest}\n")), "{words}: {said}");
        assert!(output.stdout.is_empty());
    }
    let output = explain(&["xyzzy", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json(&output)["recognised"], serde_json::json!([]));
    assert_eq!(json(&output)["error"]["exit"], 1);
}

#[test]
fn an_error_without_a_page_still_gets_its_names() {
    let output = explain(&["104"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("ECONNRESET") && said.contains("Windows 10054 WSAECONNRESET"), "{said}");
}

#[test]
fn the_list_leads_to_pages_only() {
    let listed = text(&explain(&["--list"]));
    let report = json(&explain(&["--list", "--format", "json"]));
    let faults = report["faults"].as_array().unwrap().iter().map(|fault| &fault["fault"]);
    let concepts = report["concepts"].as_array().unwrap().iter().map(|concept| &concept["concept"]);
    let ids: Vec<&str> = faults
        .chain(concepts)
        .chain(report["errnos"].as_array().unwrap())
        .map(|id| id.as_str().unwrap())
        .collect();
    assert!(ids.len() >= 12 + 6 + 4, "{ids:?}");
    for id in ids {
        assert!(listed.contains(id), "{id} is not in the text");
        assert_eq!(explain(&[id, "--brief"]).status.code(), Some(0), "{id}");
    }
}

/// What python3 prints when `code` dies of an error.
fn traceback(code: &str) -> Vec<u8> {
    let output = Command::new("python3").args(["-c", code]).output().unwrap();
    assert!(!output.status.success(), "python3 met no error");
    output.stderr
}

#[test]
fn a_traceback_that_python_just_printed_is_read() {
    let closed = "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\nt = socket.socket()\nt.connect(s.getsockname())";
    let output = paste(&traceback(closed), &["--format", "json"]);
    let report = json(&output);
    let first = &report["recognised"][0];
    assert_eq!(first["family"], "connection-refused", "{report}");
    assert_eq!((&first["errno"], &first["runtime"]), (&"ECONNREFUSED".into(), &"python".into()));
    assert!(first["line"].as_u64().unwrap() > 1);

    let taken = "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\nt = socket.socket()\nt.bind(s.getsockname())";
    let page = text(&paste(&traceback(taken), &["--lang", "id"]));
    assert!(page.starts_with("EADDRINUSE"), "{page}");
    assert!(page.contains("Yang Anda tempel") && page.contains(", Python"), "{page}");
}

#[test]
fn the_course_modules_windows_traceback_is_read() {
    let pasted = include_str!("messages/older/python-windows-10048.txt");
    let as_redirected_by_powershell: Vec<u8> =
        [0xfeff].into_iter().chain(pasted.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [pasted.as_bytes(), &as_redirected_by_powershell] {
        let report = json(&paste(bytes, &["--format", "json"]));
        let first = &report["recognised"][0];
        assert_eq!((&first["family"], &first["errno"]), (&"address-in-use".into(), &"EADDRINUSE".into()));
        assert_eq!((&first["call"], &first["runtime"]), (&"bind".into(), &"python".into()));
    }
}

#[test]
fn a_text_without_a_network_error_ends_with_1() {
    for pasted in [&b""[..], b"all is well on port 111\n", b"\xff\xfe\x00", b"\x80\x81\n"] {
        let output = paste(pasted, &["--format", "json"]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(json(&output)["recognised"], serde_json::json!([]));
    }
}
