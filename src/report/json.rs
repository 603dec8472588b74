//! For scripts: one JSON document with the version of its shape.

use crate::trace::SCHEMA_VERSION;
use serde::Serialize;

/// `{"schema_version":1, …}` with the fields of `content`, which has to be an object, and a line end.
pub fn json(content: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Document<'a, T> {
        schema_version: u32,
        #[serde(flatten)]
        content: &'a T,
    }
    let document = Document { schema_version: SCHEMA_VERSION, content };
    // Every type that is rendered has string keys and writes into memory, so that nothing can fail.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
