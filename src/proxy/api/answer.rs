//! Answers, in the shapes that Toxiproxy's clients know.

use super::{Explanation, Problem};
use crate::document::Mistake;
use hyper::StatusCode;
use serde_json::{Value, json};

/// An answer that is known whole.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) kind: &'static str,
    pub(super) body: String,
}

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

impl Answer {
    pub(super) fn json(status: StatusCode, value: &Value) -> Self {
        Self { status, kind: JSON, body: value.to_string() }
    }

    pub(super) fn ok(value: &Value) -> Self {
        Self::json(StatusCode::OK, value)
    }

    pub(super) fn empty(status: StatusCode) -> Self {
        Self { status, kind: "", body: String::new() }
    }

    pub(super) fn text(status: StatusCode, kind: &'static str, body: impl Into<String>) -> Self {
        Self { status, kind, body: body.into() }
    }

    /// Go's answer to a path that nobody knows.
    pub(super) fn not_found() -> Self {
        Self::text(StatusCode::NOT_FOUND, TEXT, "404 page not found\n")
    }

    /// An error is JSON that calls itself text, as Toxiproxy sends it.
    pub(super) fn error(error: &Said) -> Self {
        Self { status: error.status, kind: TEXT, body: format!("{}\n", error.json()) }
    }

    /// The errors of `/populate` name the proxies that were made before.
    pub(super) fn populate_error(error: &Said, made: Vec<Value>) -> Self {
        let mut body = error.json();
        body["proxies"] = if made.is_empty() { Value::Null } else { Value::Array(made) };
        Self { status: error.status, kind: JSON, body: format!("{body}\n") }
    }
}

/// An error as it is told.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) status: StatusCode,
    text: String,
    explanation: Explanation,
}

impl Said {
    pub(super) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), explanation: Explanation::default() }
    }

    /// What is wrong with a body: all of it. Clients know what begins as one of Toxiproxy's texts.
    pub(super) fn wrong(mistakes: &[Mistake]) -> Self {
        const KNOWN: &[&str] = &["missing required field: ", "invalid toxic type", "stream was invalid"];
        let all: Vec<&str> = mistakes.iter().map(|mistake| mistake.what.as_str()).collect();
        let all = all.join("; ");
        let is_known = KNOWN.iter().any(|text| all.starts_with(text));
        let text = if is_known { all } else { format!("bad request body: {all}") };
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    /// Why the relay did not do something.
    pub(super) fn problem(problem: &Problem, explain: &super::Explain) -> Self {
        let not_found = |text| Self::new(StatusCode::NOT_FOUND, text);
        let conflict = |text| Self::new(StatusCode::CONFLICT, text);
        match problem {
            Problem::NoProxy => not_found("proxy not found"),
            Problem::NoToxic => not_found("toxic not found"),
            Problem::ProxyExists => conflict("proxy already exists"),
            Problem::ToxicExists => conflict("toxic already exists"),
            Problem::Wrong(text) => Self::wrong(&[Mistake::new(0, text.clone())]),
            Problem::Name(text) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, text.clone()),
            Problem::Listen(failure) => {
                let call = &failure.call;
                let address = call.local.map(|address| address.to_string()).unwrap_or_default();
                let said =
                    failure.errno().map_or_else(|| failure.to_string(), |errno| errno.message.to_lowercase());
                let text = format!("listen {} {address}: {}: {said}", call.protocol, call.op.name());
                let explanation = explain(failure);
                Self { explanation, ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, text) }
            }
        }
    }

    fn json(&self) -> Value {
        let mut body = json!({ "error": self.text, "status": self.status.as_u16() });
        if let Some(why) = &self.explanation.why {
            body["why"] = json!(why);
        }
        if let Some(next) = &self.explanation.next {
            body["next"] = json!(next);
        }
        body
    }
}
