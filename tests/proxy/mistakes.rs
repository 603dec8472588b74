//! Requests that are wrong: the status and the text, and that nothing of them is done.

use crate::running::{connect, exchange};
use crate::served::Served;
use netfault::failure::Protocol;
use serde_json::json;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

#[test]
fn mistakes_get_their_status_and_text() {
    let served = Served::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let _holder = TcpListener::bind(taken).unwrap();
    let listen = taken.to_string();
    let cases = [
        ("POST", "/proxies", json!({}), 400, "missing required field: name"),
        ("POST", "/proxies", json!({"name": "x"}), 400, "missing required field: upstream"),
        ("POST", "/proxies", json!({"name": "p", "upstream": "h:1"}), 409, "proxy already exists"),
        ("POST", "/proxies", json!({"name": "a/b", "upstream": "h:1"}), 400, "has a slash"),
        ("POST", "/proxies", json!([1]), 400, "expected a proxy, found a list"),
        (
            "POST",
            "/proxies",
            json!({"name": "x", "upstream": "h:1", "listen": listen}),
            500,
            &format!("listen tcp {listen}: bind: address already in use"),
        ),
        ("POST", "/proxies/q", json!({}), 404, "proxy not found"),
        ("GET", "/proxies/q/toxics", json!({}), 404, "proxy not found"),
        ("GET", "/proxies/p/toxics/q", json!({}), 404, "toxic not found"),
        ("POST", "/proxies/p/toxics", json!({"type": "latncy"}), 400, "did you mean latency?"),
        ("POST", "/proxies/p/toxics", json!({}), 400, "invalid toxic type"),
        (
            "POST",
            "/proxies/p/toxics",
            json!({"type": "latency", "stream": "up"}),
            400,
            "stream was invalid, can be either upstream or downstream",
        ),
        (
            "POST",
            "/proxies/p/toxics",
            json!({"type": "latency", "attributes": {"latency": 1.5}}),
            400,
            "expected a whole number, found 1.5",
        ),
        (
            "POST",
            "/proxies/p/toxics",
            json!({"type": "bandwidth", "attributes": {"rate": -1}}),
            400,
            "expected a whole number from 0, found -1",
        ),
        (
            "POST",
            "/proxies/p/toxics",
            json!({"type": "latency", "attributes": {"latncy": 1}}),
            400,
            "latency has no key \"latncy\"; did you mean latency?",
        ),
        ("POST", "/proxies/p/toxics", json!({"type": "latency", "name": "a/b"}), 400, "has a slash"),
        ("POST", "/proxies/p/toxics", json!({"type": "latency", "toxicity": 7}), 400, "from 0 to 1, found 7"),
        // The reference dies of this one.
        ("POST", "/proxies/p/toxics", json!({"type": "slicer", "attributes": {}}), 400, "at least 1"),
    ];
    for (method, path, body, status, words) in cases {
        let answer = served.ask(method, path, &body.to_string());
        assert_eq!(answer.status, status, "{method} {path} {body}: {answer:?}");
        assert!(answer.error().contains(words), "{method} {path} {body}: {answer:?}");
        assert!(answer.head.contains("content-type: text/plain; charset=utf-8"), "{answer:?}");
        assert!(answer.head.contains("x-content-type-options: nosniff"), "{answer:?}");
    }
    let answer = served.ask("POST", "/proxies", "{\"name\": ");
    assert!(answer.error().starts_with("bad request body: EOF"), "{answer:?}");
    let answer = served.post("/proxies", &json!({"name": "x", "upstream": "h:1", "listen": listen}));
    assert!(answer.json()["why"].as_str().unwrap().contains("bind tcp"), "{answer:?}");
    assert_eq!(answer.json()["next"], "netfault diagnose");
    assert_eq!(served.get("/proxies").json().as_object().unwrap().len(), 1, "nothing was made");
}

#[test]
fn bodies_and_slow_requests_are_bounded() {
    let served = Served::new();
    let long = format!("{{\"name\": \"{}\"}}", "x".repeat(2 * 1024 * 1024));
    let mut stream = connect(served.api);
    write!(stream, "POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", long.len()).unwrap();
    // The server may answer and close before all of it is sent.
    let _ = stream.write_all(long.as_bytes());
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).unwrap();
    assert!(status.starts_with("HTTP/1.1 413"), "{status}");
    let nested = "[".repeat(100_000);
    assert_eq!(served.ask("POST", "/populate", &nested).status, 400);
    // Somebody who says nothing keeps nobody from being answered.
    let _silent = connect(served.api);
    assert_eq!(served.get("/version").status, 200);
}

#[test]
fn a_body_that_does_not_come_is_given_up() {
    let served = Served::new();
    let mut stream = connect(served.api);
    write!(stream, "POST /proxies HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{{").unwrap();
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).unwrap();
    assert!(status.starts_with("HTTP/1.1 408"), "{status}");
}

#[test]
fn a_listen_that_fails_leaves_the_proxy_as_it_was() {
    let served = Served::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let failed = served.post("/proxies/p", &json!({"listen": taken.local_addr().unwrap().to_string()}));
    assert_eq!(failed.status, 500);
    assert_eq!(exchange(&mut served.running.connect(), b"as before"), b"as before");
    let (protocol, _) = served.running.control.ask(|relay| relay.address("p")).unwrap().unwrap();
    assert_eq!(protocol, Protocol::Tcp);
    // A toxic that is wrong changes nothing either.
    served.post("/proxies/p/toxics", &json!({"type": "slicer", "attributes": {"average_size": 5}}));
    let wrong =
        served.post("/proxies/p/toxics/slicer_downstream", &json!({"attributes": {"average_size": 0}}));
    assert_eq!(wrong.status, 400);
    let kept = served.get("/proxies/p/toxics/slicer_downstream").json();
    assert_eq!(kept["attributes"]["average_size"], 5);
}

#[test]
fn all_that_is_wrong_with_a_toxic_is_said() {
    let served = Served::new();
    let wrong = json!({"type": "latency", "name": "a/b", "stream": "up", "toxicity": 7, "from": -1,
        "attributes": {"latncy": 1, "jitter": -1}});
    let said = served.post("/proxies/p/toxics", &wrong).error();
    for words in ["slash", "stream was invalid", "found 7", "from: ", "did you mean latency?", "found -1"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let unknown = json!({"type": "latncy", "stream": "up", "toxicity": 7});
    let said = served.post("/proxies/p/toxics", &unknown).error();
    for words in ["did you mean latency?", "stream was invalid", "found 7"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(served.get("/proxies/p/toxics").json(), json!([]));
}

#[test]
fn a_change_that_leaves_a_toxic_no_time_is_wrong() {
    let served = Served::new();
    served.post("/proxies/p/toxics", &json!({"type": "latency", "until": 50}));
    let wrong = served.post("/proxies/p/toxics/latency_downstream", &json!({"from": 60}));
    assert_eq!(wrong.status, 400);
    assert!(wrong.error().contains("until has to be later than from"), "{wrong:?}");
    assert_eq!(served.get("/proxies/p/toxics/latency_downstream").json().get("from"), None);
}

#[test]
fn a_proxy_does_not_lead_to_itself() {
    let served = Served::new();
    let listen = served.running.address.to_string();
    let wrong = served.post("/proxies/p", &json!({"upstream": listen}));
    assert_eq!(wrong.status, 400);
    assert!(wrong.error().contains("is where this proxy itself listens"), "{wrong:?}");
    assert_eq!(exchange(&mut served.running.connect(), b"as before"), b"as before");
    let wrong = json!({"name": "a", "listen": ":4", "upstream": "127.0.0.1:4"});
    assert_eq!((served.post("/proxies", &wrong).status, served.get("/proxies/a").status), (400, 404));
}
