//! What goes to stdout, what to stderr, and how it ends.

use super::program::{Server, answers, closed_port, fetch, json, page, stderr, stdout};
use std::net::{TcpListener, UdpSocket};
use std::process::Output;
use std::sync::atomic::Ordering;

const TEXT: &str = "Content-Type: text/plain; charset=utf-8\r\n";

#[track_caller]
fn ended(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", stderr(output));
}

#[test]
fn a_page_is_on_stdout_and_its_stages_on_stderr() {
    let (url, _) = answers(vec![page("200 OK", TEXT, "Halo dünia".as_bytes())]);
    let output = fetch(&url, &[]);
    ended(&output, 0);
    assert_eq!(stdout(&output), "Halo dünia\n");
    let told = stderr(&output);
    for part in
        ["name ", "connect ", "request ", "first byte ", "200 OK", "11 bytes, text/plain; charset=utf-8"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("error:") && !told.contains('\u{1b}'), "{told}");
    let quiet = fetch(&url, &["-q"]);
    ended(&quiet, 0);
    assert_eq!((stdout(&quiet).as_str(), stderr(&quiet).as_str()), ("Halo dünia\n", ""));
}

#[test]
fn the_first_500_characters_are_shown_and_that_there_are_more() {
    let body = "é".repeat(600);
    let (url, _) = answers(vec![page("200 OK", TEXT, body.as_bytes())]);
    let output = fetch(&url, &[]);
    ended(&output, 0);
    assert_eq!(stdout(&output).trim_end(), "é".repeat(500));
    assert!(stderr(&output).contains("first 500 characters"), "{}", stderr(&output));
    let all = fetch(&url, &["--all"]);
    assert_eq!(stdout(&all), body);
    assert!(!stderr(&all).contains("first 500"), "{}", stderr(&all));
    let (url, _) = answers(vec![page("200 OK", TEXT, "é".repeat(500).as_bytes())]);
    assert!(!stderr(&fetch(&url, &[])).contains("first 500"), "there are no more");
}

#[test]
fn all_of_it_is_its_bytes_where_no_terminal_reads() {
    let body: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let (url, _) = answers(vec![page("200 OK", "Content-Type: image/png\r\n", &body)]);
    let output = fetch(&url, &["--all", "-q"]);
    ended(&output, 0);
    assert!(output.stdout == body, "{} bytes", output.stdout.len());
    let shown = fetch(&url, &[]);
    assert_eq!(stdout(&shown), "");
    assert!(stderr(&shown).contains("does not look like text"), "{}", stderr(&shown));
}

#[test]
fn a_character_set_is_read_as_the_server_names_it() {
    let server = Server::start(&["--says", "latin-1"]);
    let output = fetch(&server.url(), &[]);
    ended(&output, 0);
    assert!(!stdout(&output).contains('\u{fffd}') && !stdout(&output).is_ascii(), "{}", stdout(&output));
}

#[test]
fn a_status_that_is_no_success_prints_what_came_and_ends_with_1() {
    let (url, count) = answers(vec![page("404 Not Found", TEXT, b"no such page")]);
    let output = fetch(&url, &[]);
    ended(&output, 1);
    assert_eq!(stdout(&output), "no such page\n");
    let told = stderr(&output);
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let said = format!("error: cannot fetch {url}: {address} answers 404 Not Found\n");
    assert!(told.contains(&said), "{told}");
    assert!(told.contains("explain: netfault explain bad-response/error-status"), "{told}");
    assert!(told.contains(&format!("diagnose: netfault diagnose http {url}")), "{told}");
    assert_eq!(count.load(Ordering::SeqCst), 1, "a 404 stays one however often it is asked for");
}

#[test]
fn what_may_pass_is_asked_for_again_even_when_all_is_wanted() {
    let busy = page("503 Service Unavailable", TEXT, b"busy");
    let (url, count) = answers(vec![busy, page("200 OK", TEXT, b"here")]);
    let output = fetch(&url, &["--all", "--backoff", "none"]);
    ended(&output, 0);
    assert_eq!(stdout(&output), "here");
    assert_eq!(count.load(Ordering::SeqCst), 2);
    assert!(stderr(&output).contains("attempt 2"), "{}", stderr(&output));
}

#[test]
fn an_error_page_is_shown_whole_when_all_is_wanted() {
    let (url, _) = answers(vec![page("404 Not Found", TEXT, b"gone for good")]);
    let output = fetch(&url, &["--all"]);
    ended(&output, 1);
    assert_eq!(stdout(&output), "gone for good");
}

#[test]
fn a_redirection_is_followed_and_told() {
    let moved = page("302 Found", "Location: /new\r\n", b"");
    let (url, _) = answers(vec![moved, page("200 OK", TEXT, b"new")]);
    let output = fetch(&url, &[]);
    ended(&output, 0);
    assert_eq!(stdout(&output), "new\n");
    assert!(stderr(&output).contains(&format!("→ {url}new  200 OK")), "{}", stderr(&output));
    let (url, _) = answers(vec![page("302 Found", "Location: /\r\n", b"")]);
    let output = fetch(&url, &[]);
    ended(&output, 1);
    assert!(stderr(&output).contains("lead in a circle"), "{}", stderr(&output));
    assert!(stderr(&output).contains("explain: netfault explain bad-response"), "{}", stderr(&output));
}

#[test]
fn each_way_to_fail_says_which_stage_and_what_to_do() {
    for (arguments, secure, words) in [
        (&["--says", "nothing"][..], false, &["first byte: ", "closed by the other end", "no-reply"][..]),
        (&["--says", "not-http"], false, &["no HTTP came", "explain bad-response/not-http"]),
        (&["--says", "short-body"], false, &["body: ", "10 of 100 bytes", "bad-response/short-body"]),
        (&["--says", "endless-body"], false, &["more than 4096 bytes", "--max-bytes"]),
        (&["--says", "gzip-bomb"], false, &["more than 4096 bytes", "--max-bytes"]),
        (&["--says", "endless-headers"], false, &["more than 65536 bytes"]),
        (&["--tls", "expired"], true, &["TLS: ", "Renew the certificate", "tls-handshake"]),
        (&["--tls", "good"], true, &["TLS: ", "--cacert FILE", "tls-handshake"]),
        (&["--says", "page"], true, &["TLS: ", "write http:// instead of https://"]),
    ] {
        let server = Server::start(arguments);
        let url = server.url();
        let url = if secure { url.replace("http:", "https:") } else { url };
        let output = fetch(&url, &["--max-bytes", "4096", "--attempts", "1"]);
        ended(&output, 1);
        for word in words.iter().chain(&["error: cannot fetch", "diagnose: netfault diagnose http"]) {
            assert!(
                stderr(&output).contains(word),
                "{arguments:?} does not say {word:?}: {}",
                stderr(&output)
            );
        }
    }
}

#[test]
fn a_server_that_nobody_runs_and_one_that_says_nothing() {
    let (_held, closed) = closed_port();
    let output = fetch(&format!("http://{closed}/"), &["--attempts", "1"]);
    ended(&output, 1);
    let told = stderr(&output);
    assert!(told.contains(&format!("connect: connect tcp {closed}: Connection refused")), "{told}");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let output = fetch(&url, &["--timeout", "300ms"]);
    ended(&output, 1);
    let told = stderr(&output);
    assert!(told.contains("first byte: recv tcp") && told.contains("no answer within 3"), "{told}");
    assert!(!told.contains("EAGAIN"), "{told}");
}

#[test]
fn a_name_server_that_is_silent_is_the_stage_that_failed() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let server = silent.local_addr().unwrap().to_string();
    let output =
        fetch("http://page.test/", &["--resolver", &server, "--timeout", "400ms", "--attempts", "1"]);
    ended(&output, 1);
    assert!(stderr(&output).contains("explain: netfault explain name-resolution"), "{}", stderr(&output));
}

#[test]
fn an_issuer_can_be_trusted_or_nobody_be_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    let authority = authority.to_str().unwrap();
    let server = Server::start(&["--tls", "good", "--authority", authority]);
    let url = format!("https://localhost:{}/", server.address.port());
    let trusted = fetch(&url, &["--cacert", authority, "-4"]);
    ended(&trusted, 0);
    assert!(stderr(&trusted).contains("certificate for localhost"), "{}", stderr(&trusted));
    let unchecked = fetch(&url, &["--insecure-no-tls-verify", "-4"]);
    ended(&unchecked, 0);
    assert!(stderr(&unchecked).contains("was not checked"), "{}", stderr(&unchecked));
}

#[test]
fn scripts_get_everything_in_json_also_when_it_fails() {
    let (url, _) = answers(vec![page("200 OK", TEXT, "é".repeat(600).as_bytes())]);
    let output = fetch(&url, &["--format", "json"]);
    ended(&output, 0);
    let told = json(&output);
    for field in ["url", "ok", "hops", "body", "failure", "verdict", "evidence", "events", "seconds", "next"]
    {
        assert!(told.get(field).is_some(), "{field} is missing: {told}");
    }
    assert_eq!((&told["schema_version"], &told["ok"], &told["url"]), (&1.into(), &true.into(), &url.into()));
    assert!(told["failure"].is_null() && told.get("error").is_none(), "{told}");
    let names: Vec<&str> = told["hops"][0]["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["name", "connect", "request", "first-byte", "body"]);
    assert_eq!(told["body"]["text"].as_str().unwrap().chars().count(), 500);
    assert_eq!(stderr(&output), "", "the stages are in the JSON");
    let url = told["url"].as_str().unwrap();
    let all = json(&fetch(url, &["--format", "json", "--all"]));
    assert_eq!(all["body"]["text"].as_str().unwrap().chars().count(), 600);

    let (url, _) = answers(vec![page("404 Not Found", TEXT, b"gone")]);
    let output = fetch(&url, &["--format", "json"]);
    ended(&output, 1);
    let told = json(&output);
    assert_eq!((&told["ok"], &told["body"]["text"]), (&false.into(), &"gone".into()));
    assert_eq!((&told["failure"]["why"], &told["failure"]["code"]), (&"status".into(), &404.into()));
    assert_eq!(told["error"]["exit"], 1);
    assert!(stderr(&output).starts_with("error: cannot fetch"), "{}", stderr(&output));
}

#[test]
fn what_happens_is_traced_as_it_happens() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.ndjson");
    let (url, _) = answers(vec![page("200 OK", TEXT, b"here")]);
    let output = fetch(&url, &["--trace", trace.to_str().unwrap()]);
    ended(&output, 0);
    let text = std::fs::read_to_string(trace).unwrap();
    assert!(text.lines().next().unwrap().contains("netfault fetch http://127.0.0.1:"), "{text}");
    assert!(text.contains(r#""op":"connect""#) && text.contains(r#""field":"response""#), "{text}");
}
