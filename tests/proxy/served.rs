//! A relay with its control API, and how it is asked.

use crate::running::{Running, connect, echo};
use netfault::proxy::api::{self, Explanation, Options};
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

/// A relay with its API.
pub(crate) struct Served {
    pub(crate) running: Running,
    pub(crate) api: SocketAddr,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn error(&self) -> String {
        let body = self.json();
        assert_eq!(body["status"], self.status, "{self:?}");
        body["error"].as_str().unwrap().to_owned()
    }
}

impl Served {
    /// With one proxy, `p`, that leads to an echo.
    pub(crate) fn new() -> Self {
        Self::with(true)
    }

    /// The same, with or without `/metrics`.
    pub(crate) fn with(metrics: bool) -> Self {
        let running = Running::tcp(echo(), &[]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let api = listener.local_addr().unwrap();
        let explain = |failure: &netfault::failure::Failure| Explanation {
            why: Some(format!("seen: {failure}")),
            next: Some("netfault diagnose".into()),
        };
        let options = Options { metrics, explain: Arc::new(explain) };
        api::start(listener, running.control.clone(), options).unwrap();
        Self { running, api }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        self.ask_as(method, path, body, "User-Agent: test\r\n")
    }

    pub(crate) fn ask_as(&self, method: &str, path: &str, body: &str, headers: &str) -> Answer {
        ask(self.api, method, path, body, headers)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &body.to_string())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }
}

/// Asks an API, over a connection of its own.
pub(crate) fn ask(api: SocketAddr, method: &str, path: &str, body: &str, headers: &str) -> Answer {
    let mut stream = connect(api);
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {api}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_lowercase(), body: body.to_owned() }
}
