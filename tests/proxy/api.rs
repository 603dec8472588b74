//! The control API, request by request, as Toxiproxy's clients know it.

use crate::running::{LONG, connect, echo, exchange, read_to_end};
use crate::served::Served;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

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
    // But for the toxics that are asked for: those are had, in place of the others.
    let other = json!([{"name": "a", "upstream": upstream, "listen": proxy["listen"], "toxics": [{"type": "refuse"}]}]);
    let toxics = served.post("/populate", &other).json()["proxies"][0]["toxics"].clone();
    assert_eq!((toxics.as_array().unwrap().len(), toxics[0]["type"].clone()), (1, json!("refuse")));
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
    // Every route that is known has its requests numbered.
    for path in ["/proxies", "/proxies/nobody", "/proxies/p/toxics", "/metrics", "/reset"] {
        assert!(served.get(path).head.contains("x-toxiproxy-request-id: "), "{path}");
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
fn metrics_are_there_only_when_they_are_asked_for() {
    let unknown = Served::with(false).get("/metrics");
    assert_eq!((unknown.status, unknown.body.as_str()), (404, "404 page not found\n"));
}

#[test]
fn another_upstream_drops_connections_and_keeps_toxics() {
    let served = Served::new();
    let limit = json!({"type": "limit_data", "attributes": {"bytes": 1_000_000}});
    served.post("/proxies/p/toxics", &limit);
    let mut client = served.running.connect();
    assert_eq!(exchange(&mut client, b"here"), b"here");
    // What it already is changes nothing.
    let same = served.get("/proxies/p").json();
    served.post("/proxies/p", &same);
    assert_eq!(exchange(&mut client, b"still here"), b"still here");
    let moved = served.post("/proxies/p", &json!({"upstream": echo().to_string()})).json();
    assert_eq!(moved["toxics"], same["toxics"]);
    assert_eq!(read_to_end(&mut client), (vec![], None));
    assert_eq!(exchange(&mut served.running.connect(), b"there"), b"there");
}

#[test]
fn a_reset_starts_every_proxy() {
    let served = Served::new();
    served.post("/proxies/p", &json!({"enabled": false}));
    assert_eq!(served.ask("POST", "/reset", "").status, 204);
    assert_eq!(served.get("/proxies/p").json()["enabled"], json!(true));
    assert_eq!(exchange(&mut served.running.connect(), b"on"), b"on");
}

#[test]
fn a_port_alone_is_every_address_of_ipv4() {
    let served = Served::new();
    let made =
        served.post("/proxies", &json!({"name": "a", "upstream": "127.0.0.1:1", "listen": ":0"})).json();
    let listen = made["listen"].as_str().unwrap();
    assert!(listen.starts_with("0.0.0.0:") && !listen.ends_with(":0"), "{listen}");
}
