//! `netfault explain`: by id, name, number, words, and out of pasted text.

use netfault::knowledge::Topic;
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
fn an_error_beside_the_main_one_of_its_page_says_what_sets_it_apart() {
    let page = text(&explain(&["ECONNABORTED"]));
    assert!(page.starts_with("ECONNABORTED  Software caused connection abort\n"), "{page}");
    let (apart, rest) = page.split_once("\nconnection-reset  ").unwrap();
    assert!(
        apart.contains("This machine itself gave the connection up") && rest.contains("Causes"),
        "{page}"
    );
    let report = json(&explain(&["ECONNABORTED", "--format", "json"]));
    let first = &report["recognised"][0];
    assert_eq!(
        (&first["family"], &first["page"]["id"]),
        (&"connection-reset".into(), &"connection-reset".into())
    );
    assert!(first["apart"].as_str().unwrap().starts_with("This machine itself"));
}

#[test]
fn no_number_of_an_error_is_unknown() {
    for code in netfault::failure::Code::all() {
        let numbers = [code.linux, code.macos, code.wsa.map(|(_, number)| number)];
        for number in numbers.into_iter().flatten() {
            let answer = netfault::knowledge::look_up(&number.to_string()).unwrap();
            let has_it =
                |topic: &Topic| matches!(topic, Topic::Error(sighting) if sighting.code == Some(code));
            assert!(answer.topics.iter().any(has_it), "{} {number}", code.name);
        }
    }
}

#[test]
fn a_number_says_what_it_means_on_each_system() {
    let page = text(&explain(&["61"]));
    assert!(page.contains("61  Linux: no error of sockets · macOS: ECONNREFUSED · Windows:"), "{page}");
    let several = text(&explain(&["64"]));
    assert!(several.contains("netfault explain ENONET") && several.contains("netfault explain EHOSTDOWN"));
    let report = json(&explain(&["111", "--format", "json"]));
    assert_eq!(report["number"]["linux"], serde_json::json!(["ECONNREFUSED"]));
    assert_eq!(report["number"]["macos"], serde_json::json!([]));
}

#[test]
fn words_in_either_language_find_the_page() {
    for (words, page) in [
        ("port sudah dipakai", "address-in-use"),
        ("kok timeout terus", "timeout"),
        ("connection reset", "connection-reset"),
        ("koneksi ditolak terus", "connection-refused"),
        ("server belum jalan", "connection-refused/no-listener"),
        ("the server refused me", "connection-refused"),
        ("restart server address in use", "address-in-use/time-wait"),
        ("too many open files", "too-many-open-files"),
        ("cannot bind to port 80", "permission-denied/privileged-port"),
        ("no route to host", "unreachable"),
        ("nama host tidak ditemukan", "name-resolution"),
        ("sertifikat kedaluwarsa", "bad-response/tls-handshake"),
        ("dua server di port yang sama", "wrong-peer/port-hijack"),
        ("data udp terpotong", "message/truncated-datagram"),
        ("recv on the listening socket", "misuse/not-connected"),
        ("kabel dicabut", "timeout/dead-peer"),
        ("empty reply from server", "bad-response/no-reply"),
        ("works on localhost but not from other computer", "connection-refused/wrong-interface"),
        ("apa perbedaan tcp dan udp", "tcp-vs-udp"),
        ("server multi thread untuk banyak client", "threading"),
    ] {
        let answer = netfault::knowledge::look_up(words).unwrap_or_else(|_| panic!("{words}: nothing"));
        let ids: Vec<&str> = answer.topics.iter().map(Topic::id).collect();
        assert!(ids.contains(&page) && ids.len() <= 3, "{words}: {ids:?}");
    }
}

#[test]
fn every_phrase_of_a_page_finds_it() {
    use netfault::lang::Lang;
    for named in netfault::knowledge::pages() {
        for lang in Lang::ALL {
            for phrase in netfault::knowledge::page(named).text(*lang).words.split(',') {
                let found = netfault::knowledge::look_up(phrase);
                let answer = found.unwrap_or_else(|_| panic!("{}: {phrase}", named.id()));
                // The message of an error leads to the page of the error.
                let ids: Vec<&str> = answer.topics.iter().map(Topic::id).collect();
                let family = named.family().id();
                assert!(
                    ids.iter().any(|id| id.starts_with(family)),
                    "{phrase} of {} leads to {ids:?}",
                    named.id()
                );
            }
        }
    }
}

#[test]
fn the_handbook_holds_every_page_in_every_format() {
    let ids: Vec<&str> = netfault::knowledge::pages().map(netfault::fault::Named::id).collect();
    let book = |format: &str, lang: &str| text(&explain(&["--all", "--format", format, "--lang", lang]));
    let (html, markdown, plain) = (book("html", "en"), book("markdown", "id"), book("text", "id"));
    let json: Value = serde_json::from_str(&book("json", "id")).unwrap();
    let in_json: Vec<&str> =
        json["pages"].as_array().unwrap().iter().map(|page| page["id"].as_str().unwrap()).collect();
    assert_eq!(in_json, ids);
    for id in &ids {
        assert_eq!(html.matches(&format!("<article id=\"{id}\">")).count(), 1, "{id}");
        assert!(html.contains(&format!("<a href=\"#{id}\">")), "{id}");
        assert!(markdown.contains(&format!("<a id=\"{id}\"></a>")), "{id}");
        assert!(plain.contains(id), "{id}");
    }
    // Every link leads somewhere.
    for target in html.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(html.contains(&format!("id=\"{target}\"")), "nothing has the id {target}");
    }
    assert!(!html.contains("http-equiv=\"refresh") && !html.contains("<script") && !html.contains("src="));
    assert!(html.contains("id=\"in-en\" checked") && !html.contains("id=\"in-id\" checked"));
    assert!(json["errnos"].as_array().unwrap().len() > 60);
}

#[test]
fn the_handbook_goes_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("handbook.html");
    let output = explain(&["--all", "--format", "html", "--output", file.to_str().unwrap()]);
    assert!(output.status.success() && output.stdout.is_empty());
    assert!(std::fs::read_to_string(file).unwrap().ends_with("</html>\n"));
}

#[test]
fn what_is_no_text_is_refused() {
    let output = paste(b"\x7fELF\0\0\0connect: Connection refused\n", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("not text"));
    let output = paste(b"", &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("empty"));
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
    let pasted = include_str!("messages/seed/python-windows-10048.txt");
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
