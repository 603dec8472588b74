//! The control API, request by request, as Toxiproxy's clients know it.

use crate::running::{LONG, Running, connect, echo, exchange};
use netfault::failure::Protocol;
use netfault::proxy::api::{self, Explanation, Options};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

/// A relay with its API.
struct Served {
    running: Running,
    api: SocketAddr,
}

/// An answer.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    fn error(&self) -> String {
        let body = self.json();
        assert_eq!(body["status"], self.status, "{self:?}");
        body["error"].as_str().unwrap().to_owned()
    }
}

impl Served {
    /// With one proxy, `p`, that leads to an echo.
    fn new() -> Self {
        let running = Running::tcp(echo(), &[]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let api = listener.local_addr().unwrap();
        let explain = |failure: &netfault::failure::Failure| Explanation {
            why: Some(format!("seen: {failure}")),
            next: Some("netfault diagnose".into()),
        };
        let options = Options { metrics: true, explain: Arc::new(explain) };
        api::start(listener, running.control.clone(), options).unwrap();
        Self { running, api }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        self.ask_as(method, path, body, "User-Agent: test\r\n")
    }

    fn ask_as(&self, method: &str, path: &str, body: &str, headers: &str) -> Answer {
        let mut stream = connect(self.api);
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}",
            self.api
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &body.to_string())
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }
}

#[test]
fn proxies_are_made_shown_changed_and_deleted() {
    let served = Served::new();
    let upstream = echo().to_string();
    let made = served.post("/proxies", &json!({"name": "a", "upstream": upstream}));
    assert_eq!(made.status, 201);
    let proxy = made.json();
    let listen: SocketAddr = proxy["listen"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        proxy,
        json!({"name": "a", "listen": listen.to_string(), "upstream": upstream, "enabled": true, "toxics": []})
    );
    assert_eq!(exchange(&mut connect(listen), b"hi"), b"hi");
    assert_eq!(served.get("/proxies").json()["a"], proxy);
    assert_eq!(served.get("/proxies/a").json(), proxy);
    for method in ["POST", "PATCH"] {
        let changed = served.ask(method, "/proxies/a", r#"{"enabled": false, "name": "ignored"}"#);
        assert_eq!((changed.status, changed.json()["enabled"].clone()), (200, json!(false)));
        assert!(TcpStream::connect_timeout(&listen, LONG).is_err());
        let changed = served.ask(method, "/proxies/a", r#"{"ENABLED": true, "unknown": 1}"#).json();
        assert_eq!(
            (changed["enabled"].clone(), changed["listen"].clone()),
            (json!(true), proxy["listen"].clone())
        );
    }
    let moved = served.post("/proxies/a", &json!({"listen": "localhost:0"})).json();
    assert!(moved["listen"].as_str().unwrap().starts_with("127.0.0.1:"), "{moved}");
    let deleted = served.ask("DELETE", "/proxies/a", "");
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    assert_eq!(served.get("/proxies/a").error(), "proxy not found");
}

#[test]
fn a_disabled_proxy_echoes_what_it_was_given() {
    let served = Served::new();
    let made = served.post(
        "/proxies",
        &json!({"name": "off", "listen": "localhost:0", "upstream": "nowhere.invalid:1", "enabled": false}),
    );
    assert_eq!((made.status, made.json()["listen"].clone()), (201, json!("localhost:0")));
}

#[test]
fn toxics_are_added_shown_changed_and_removed() {
    let served = Served::new();
    let added = served.post("/proxies/p/toxics", &json!({"type": "latency", "attributes": {"latency": 5}}));
    let toxic = json!({"name": "latency_downstream", "type": "latency", "stream": "downstream", "toxicity": 1,
        "attributes": {"latency": 5, "jitter": 0}});
    assert_eq!((added.status, added.json()), (200, toxic.clone()));
    let up = served
        .post("/proxies/p/toxics", &json!({"type": "slow_close", "stream": "upstream", "toxicity": 0.5}));
    assert_eq!(up.json()["toxicity"], json!(0.5));
    // Those of the upstream direction come first.
    let all = served.get("/proxies/p/toxics").json();
    assert_eq!((all[0]["name"].clone(), all[1].clone()), (json!("slow_close_upstream"), toxic));
    for method in ["POST", "PATCH"] {
        let path = "/proxies/p/toxics/latency_downstream";
        let changed = served.ask(method, path, r#"{"attributes": {"jitter": 3}, "type": "ignored"}"#);
        assert_eq!(changed.json()["attributes"], json!({"latency": 5, "jitter": 3}));
    }
    assert_eq!(served.get("/proxies/p").json()["toxics"].as_array().unwrap().len(), 2);
    let removed = served.ask("DELETE", "/proxies/p/toxics/latency_downstream", "");
    assert_eq!((removed.status, removed.body.as_str()), (204, ""));
    assert_eq!(served.ask("DELETE", "/proxies/p/toxics/latency_downstream", "").error(), "toxic not found");
    assert_eq!(served.ask("POST", "/reset", "").status, 204);
    assert_eq!(served.get("/proxies/p/toxics").json(), json!([]));
}

#[test]
fn populate_makes_keeps_and_replaces() {
    let served = Served::new();
    let upstream = echo().to_string();
    assert_eq!(served.post("/populate", &json!([])).json(), json!({"proxies": null}));
    let wanted = json!([{"name": "a", "upstream": upstream, "listen": "127.0.0.1:0", "enabled": null,
        "toxics": [{"type": "latency", "attributes": {"latency": 1}}]}]);
    let made = served.post("/populate", &wanted);
    assert_eq!(made.status, 201);
    let proxy = made.json()["proxies"][0].clone();
    // The reference ignores these.
    assert_eq!(proxy["toxics"][0]["name"], "latency_downstream");
    // The same addresses: it is left as it is, with its toxics.
    let same = json!([{"name": "a", "upstream": upstream, "listen": proxy["listen"], "enabled": false}]);
    assert_eq!(served.post("/populate", &same).json()["proxies"][0], proxy);
    // Another address: it is replaced, without them.
    let other = json!([{"name": "a", "upstream": echo().to_string(), "listen": proxy["listen"]}]);
    assert_eq!(served.post("/populate", &other).json()["proxies"][0]["toxics"], json!([]));
    // The first failure stops; those before it stay, and are told.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let half = json!([{"name": "b", "upstream": upstream},
        {"name": "c", "upstream": upstream, "listen": taken.local_addr().unwrap().to_string()},
        {"name": "d", "upstream": upstream}]);
    let failed = served.post("/populate", &half);
    assert_eq!((failed.status, failed.json()["proxies"].as_array().unwrap().len()), (500, 1));
    assert!(failed.head.contains("content-type: application/json"), "{}", failed.head);
    assert_eq!((served.get("/proxies/b").status, served.get("/proxies/d").status), (200, 404));
    // All entries are looked at before anything is made.
    let wrong = served.post("/populate", &json!([{"name": "e", "upstream": upstream}, {"name": "f"}]));
    assert_eq!(wrong.status, 400);
    assert_eq!(wrong.error(), "missing required field: upstream at proxy 2");
    assert_eq!((wrong.json()["proxies"].clone(), served.get("/proxies/e").status), (Value::Null, 404));
}

#[test]
fn a_proxy_and_its_toxics_are_made_in_one_call_or_not_at_all() {
    let served = Served::new();
    let upstream = echo().to_string();
    let made =
        served.post("/proxies", &json!({"name": "a", "upstream": upstream, "toxics": [{"type": "refuse"}]}));
    assert_eq!((made.status, made.json()["toxics"][0]["name"].clone()), (201, json!("refuse_downstream")));
    let listen: SocketAddr = made.json()["listen"].as_str().unwrap().parse().unwrap();
    assert!(TcpStream::connect_timeout(&listen, LONG).is_err());
    let wrong =
        served.post("/proxies", &json!({"name": "b", "upstream": upstream, "toxics": [{"type": "refus"}]}));
    assert_eq!((wrong.status, served.get("/proxies/b").status), (400, 404));
    assert!(wrong.error().contains("did you mean refuse?"));
}

#[test]
fn udp_proxies_say_so() {
    let served = Served::new();
    let made = served.post("/proxies", &json!({"name": "u", "upstream": "127.0.0.1:9", "network": "udp"}));
    assert_eq!(made.json()["network"], "udp");
    let added =
        served.post("/proxies/u/toxics", &json!({"type": "loss", "attributes": {"probability": 0.5}}));
    assert_eq!(added.json()["attributes"], json!({"probability": 0.5}));
    assert_eq!(served.post("/proxies/u/toxics", &json!({"type": "slicer"})).status, 400);
}

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
    assert_eq!(served.get("/proxies").json().as_object().unwrap().len(), 1, "nothing was made");
}

#[test]
fn routes_verbs_and_headers_are_those_of_the_reference() {
    let served = Served::new();
    let version = served.get("/version");
    assert_eq!((version.status, version.body.as_str()), (200, r#"{"version":"2.12.0"}"#));
    assert!(version.head.contains("content-type: application/json;charset=utf-8"));
    assert!(version.head.contains("x-toxiproxy-request-id: "));
    let unknown = served.get("/nothing");
    assert_eq!((unknown.status, unknown.body.as_str()), (404, "404 page not found\n"));
    for (method, path) in [
        ("PUT", "/proxies"),
        ("OPTIONS", "/proxies"),
        ("HEAD", "/version"),
        ("GET", "/reset"),
        ("PATCH", "/populate"),
    ] {
        let answer = served.ask(method, path, "");
        assert_eq!((answer.status, answer.body.as_str()), (405, ""), "{method} {path}");
    }
    let browser = served.ask_as("GET", "/version", "", "User-Agent: Mozilla/5.0 (X11)\r\n");
    assert_eq!((browser.status, browser.body.trim()), (403, "User agent not allowed"));
    assert!(!served.get("/version").head.contains("access-control"));
}

#[test]
fn names_in_paths_are_decoded() {
    let served = Served::new();
    served.post("/proxies", &json!({"name": "a b%", "upstream": "127.0.0.1:1"}));
    assert_eq!(served.get("/proxies/a%20b%25").json()["name"], "a b%");
    assert_eq!(served.get("/proxies/a%2").status, 404);
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
fn metrics_have_the_names_of_the_reference_and_ours() {
    let served = Served::new();
    let address = served.running.address;
    served.post("/proxies/p/toxics", &json!({"type": "latency", "attributes": {"latency": 1}}));
    assert_eq!(exchange(&mut connect(address), b"12345"), b"12345");
    let metrics = served.get("/metrics").body;
    let labels = format!("{{direction=\"upstream\",proxy=\"p\",listener=\"{address}\",upstream=\"");
    for line in [
        format!("toxiproxy_proxy_received_bytes_total{labels}"),
        format!("toxiproxy_proxy_sent_bytes_total{labels}"),
        "netfault_proxy_connections_total{proxy=\"p\"} 1".to_owned(),
        "netfault_toxic_effects_total{proxy=\"p\",toxic=\"latency_downstream\",type=\"latency\",did=\"delayed\"} ".to_owned(),
    ] {
        assert!(metrics.contains(&line), "{line}\n{metrics}");
    }
}

#[test]
fn events_say_which_toxic_did_what_to_whom() {
    let served = Served::new();
    served.post("/proxies/p/toxics", &json!({"type": "reset_peer", "name": "cut"}));
    let mut stream = connect(served.api);
    write!(stream, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    assert!(lines.next().unwrap().contains("200"));
    lines.by_ref().find(String::is_empty).unwrap();
    let mut client = served.running.connect();
    client.write_all(b"x").unwrap();
    let event: Value = lines
        .filter_map(|line| serde_json::from_str(&line).ok())
        .find(|event: &Value| event["event"] == "injected")
        .unwrap();
    assert_eq!(
        (event["toxic"].clone(), event["type"].clone(), event["did"].clone(), event["connection"].clone()),
        (json!("cut"), json!("reset_peer"), json!("reset"), json!(1))
    );
    assert_eq!(event["client"], client.local_addr().unwrap().to_string());
    assert_eq!(event["actor"], "proxy p");
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
