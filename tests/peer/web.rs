//! The web server, as clients of other people see it: Python's, and curl. Each of them names what is wrong in its own
//! words, so a fault that only this program's own client sees is none.

use crate::program::{ANY, Program, connect, run};
use netfault::failure::Op;
use netfault::peer::web_server::Says;
use netfault::trace::Run;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::process::{Command, Output};

fn web_server(more: &[&str]) -> (Program, String) {
    let (program, address) = Program::tcp("web-server", more);
    (program, address.to_string())
}

/// Runs the Python program beside this file, and gives its lines.
fn python(arguments: &[String]) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peer/web.py");
    let output = Command::new("python3").arg(script).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Sends `request` and gives everything that comes back.
fn conversation(address: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = connect(address.parse().unwrap());
    stream.write_all(request).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    all
}

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

#[test]
fn pythons_client_meets_in_each_answer_what_it_is_for() {
    let expected = [
        ("page", "200 713 characters"),
        ("chunked", "200 713 characters"),
        ("until-close", "200 713 characters"),
        ("gzip", "200 713 characters"),
        ("latin-1", "200 713 characters"),
        ("wrong-charset", "UnicodeDecodeError"),
        ("short-body", "IncompleteRead"),
        ("short-chunked", "IncompleteRead"),
        ("error", "503 24 characters"),
        ("redirect", "302 17 characters"),
        ("redirect-loop", "302 17 characters"),
        ("not-http", "BadStatusLine"),
        ("nothing", "RemoteDisconnected"),
        ("binary-status", "BadStatusLine"),
        ("bad-chunk-size", "IncompleteRead"),
        ("endless-headers", "HTTPException"),
        ("endless-body", "200 goes on"),
        ("gzip-bomb", "200 goes on"),
    ];
    assert_eq!(
        expected.map(|(says, _)| says).as_slice(),
        Says::ALL.iter().map(|says| says.name()).collect::<Vec<_>>()
    );
    let servers: Vec<_> = expected.iter().map(|(says, _)| web_server(&["--says", says])).collect();
    let arguments =
        expected.iter().zip(&servers).map(|((says, _), (_, address))| format!("{says}={address}"));
    let said = python(&arguments.collect::<Vec<_>>());
    assert_eq!(said, expected.map(|(says, outcome)| format!("{says}: {outcome}")));
}

#[test]
fn pythons_client_refuses_each_certificate_for_its_own_reason() {
    const PAGE: &str = "200 713 characters";
    let unknown = "unable to get local issuer certificate";
    let cases = [
        ("good", unknown, PAGE),
        ("self-signed", "self-signed certificate", PAGE),
        ("expired", unknown, "certificate has expired"),
        ("not-yet-valid", unknown, "certificate is not yet valid"),
        ("wrong-name", unknown, "IP address mismatch, certificate is not valid for '127.0.0.1'."),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (paper, untrusted, trusted) in cases {
        let authority = folder.path().join(paper).to_str().unwrap().to_owned();
        let (_program, address) = web_server(&["--tls", paper, "--authority", &authority]);
        let said = python(&["--ca".to_owned(), authority, address]);
        assert_eq!(said, [untrusted, trusted], "{paper}");
    }
}

#[test]
fn curl_ends_with_the_code_that_it_has_for_each() {
    let curl = |arguments: &[&str]| Command::new("curl").args(["-sS", "-m", "20"]).args(arguments).output();
    if curl(&["--version"]).is_err() {
        eprintln!("skipped: needs curl");
        return;
    }
    let curl = |arguments: &[&str]| -> Output { curl(arguments).unwrap() };
    let cases: [(&[&str], &[&str], i32); 7] = [
        (&["page"], &[], 0),
        (&["redirect"], &["-L"], 0),
        (&["redirect-loop"], &["-L", "--max-redirs", "5"], 47),
        (&["error", "--status", "404"], &["-f"], 22),
        (&["short-body"], &[], 18),
        (&["not-http"], &[], 1),
        (&["nothing"], &[], 52),
    ];
    for (says, options, code) in cases {
        let (_program, address) = web_server(&[&["--says"], says].concat());
        let output = curl(&[options, &[&format!("http://{address}/")]].concat());
        assert_eq!(output.status.code(), Some(code), "{says:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem").to_str().unwrap().to_owned();
    let (_program, address) = web_server(&["--tls", "good", "--authority", &authority]);
    let url = format!("https://{address}/");
    assert_eq!(curl(&[&url]).status.code(), Some(60));
    let trusting = curl(&["--cacert", &authority, &url]);
    assert!(trusting.status.success() && trusting.stdout.starts_with(b"<!doctype html>"));
}

#[test]
fn it_answers_wrongly_so_often_and_then_with_the_page() {
    let (_program, address) = web_server(&["--says", "error", "--status", "503", "--first", "2"]);
    let statuses = [(); 4].map(|()| conversation(&address, GET)[9..12].to_vec());
    assert_eq!(statuses, [b"503", b"503", b"200", b"200"]);
}

#[test]
fn a_short_body_ends_in_order_also_when_the_client_sends_more_than_its_request() {
    let (_program, address) = web_server(&["--says", "short-body"]);
    let got = conversation(&address, &[GET, &vec![b'x'; 100_000]].concat());
    assert!(got.windows(23).any(|part| part == b"Content-Length: 100\r\n\r\n"));
    assert!(got.ends_with(b"<!doctype "), "{}", String::from_utf8_lossy(&got));
}

#[test]
fn plain_http_at_a_tls_port_gets_an_alert_and_tls_at_a_plain_port_gets_http() {
    let (_tls, secure) = web_server(&["--tls", "good"]);
    let alert = conversation(&secure, GET);
    // RFC 8446 §5.1, §6: record type 21, then level 2 (fatal).
    assert_eq!((alert[0], alert.len(), alert[5]), (21, 7, 2), "{alert:?}");
    let (_plain, plain) = web_server(&[]);
    let answer = conversation(&plain, b"\x16\x03\x01\x02\x00\x01\x00");
    assert!(answer.starts_with(b"HTTP/1.1 400 Bad Request\r\n"));
}

#[test]
fn an_authority_without_tls_and_what_cannot_stand_in_a_header_are_refused() {
    let wrong: &[(&[&str], &str)] = &[
        (&["--authority", "ca.pem"], "--tls"),
        (&["--tls", "stale"], "expired"),
        (&["--says", "short"], "'short-body'"),
        (&["--status", "200"], "400..=599"),
        (&["--says", "redirect", "--location", "/a b"], "cannot stand in a header"),
        (&["--tls", "good", "--authority", "/nowhere/ca.pem"], "no directory /nowhere"),
    ];
    for (arguments, words) in wrong {
        let output = run(&[&["peer", "web-server", "--tcp", ANY], *arguments].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn no_client_ends_a_tls_server_and_each_call_of_it_is_in_the_trace() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.ndjson");
    let (program, address) = web_server(&["--tls", "good", "--trace", trace.to_str().unwrap()]);
    let long = vec![b'x'; 1 << 20];
    for bytes in [&b""[..], b"\x16\x03\x01\xff\xff", b"\x16\x03\x01\x00\x02\x01\x00", &long] {
        let mut stream = connect(address.parse().unwrap());
        // Whether it takes all of it is its own affair.
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
    }
    assert_eq!(conversation(&address, GET).first(), Some(&21), "it is there, and speaks TLS");
    assert_eq!(program.end("TERM"), Some(0));
    let run = Run::read(&fs::read_to_string(&trace).unwrap()).unwrap();
    let calls: Vec<_> =
        run.events.iter().filter_map(|event| event.what.finished()).map(|call| call.op).collect();
    for op in [Op::Bind, Op::Listen, Op::Accept, Op::Receive, Op::Send, Op::Shutdown] {
        assert!(calls.contains(&op), "{op:?} is missing");
    }
}
