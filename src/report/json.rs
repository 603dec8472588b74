//! For scripts: one JSON document with the version of its shape.

use super::visible::in_json;
use crate::trace::SCHEMA_VERSION;
use serde::Serialize;

/// `{"schema_version":1, …}` with the fields of `content`, which has to be an object; for people to read too.
pub fn json(content: &impl Serialize) -> String {
    written(serde_json::to_string_pretty(&Document { schema_version: SCHEMA_VERSION, content }))
}

/// The same in one line, for results that come one by one.
pub fn json_line(content: &impl Serialize) -> String {
    written(serde_json::to_string(&Document { schema_version: SCHEMA_VERSION, content }))
}

#[derive(Serialize)]
struct Document<'a, T> {
    schema_version: u32,
    #[serde(flatten)]
    content: &'a T,
}

/// Every type that is rendered has string keys and is written into memory, so that nothing can fail. What a terminal
/// would obey is written as an escape, which is the same JSON.
fn written(json: serde_json::Result<String>) -> String {
    in_json(&json.unwrap_or_default()) + "\n"
}
