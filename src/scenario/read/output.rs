//! What is expected of a program's output.

use super::expectations::bounds;
use super::file::regex;
use super::got::Got;
use crate::document::{Entry, Mistakes, Node, Value};
use crate::scenario::model::Output;
use crate::trace::Stream;
use serde_json::json;

/// The output that a table describes.
pub(super) fn output(table: Got, mistakes: &mut Mistakes) -> Option<Output> {
    let entries = table.0.entries()?;
    for entry in entries.iter().filter(|entry| !["lines", "stream"].contains(&entry.key.as_str())) {
        let texts = table.texts(&entry.key);
        let says_nothing = match entry.node.entries() {
            Some(pointers) => pointers.is_empty(),
            None => texts.is_empty() || texts.iter().any(String::is_empty),
        };
        if says_nothing {
            mistakes
                .add(entry.node.at, format!("{}: nothing, or an empty text, is in every output", entry.key));
        }
    }
    let regexes = table.list("regex").iter().filter_map(|node| regex("regex", node, mistakes)).collect();
    let pointers = table.node("json").and_then(Node::entries).unwrap_or_default();
    let json = pointers.iter().filter_map(|entry| pointer(entry, mistakes)).collect();
    Some(Output {
        stream: match table.text("stream") {
            Some("both") => None,
            Some("stderr") => Some(Stream::Stderr),
            _ => Some(Stream::Stdout),
        },
        contains: table.texts("contains"),
        lacks: table.texts("lacks"),
        regex: regexes,
        order: table.texts("order"),
        lines: bounds(table, "lines", mistakes),
        json,
    })
}

/// A JSON pointer (RFC 6901) and the value that is expected there.
fn pointer(entry: &Entry, mistakes: &mut Mistakes) -> Option<(String, serde_json::Value)> {
    let pointer = &entry.key;
    let escapes = pointer.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
    if !(pointer.is_empty() || pointer.starts_with('/')) || !escapes {
        let told =
            format!("json: expected a JSON pointer such as \"/text\" or \"/items/0\", found {pointer:?}");
        mistakes.add(entry.at, told);
        return None;
    }
    Some((pointer.clone(), as_json(&entry.node)))
}

fn as_json(node: &Node) -> serde_json::Value {
    match &node.value {
        Value::Null => json!(null),
        Value::Bool(truth) => json!(truth),
        Value::Whole(number) => json!(number),
        Value::Real(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(nodes) => nodes.iter().map(as_json).collect(),
        Value::Table(entries) => serde_json::Value::Object(
            entries.iter().map(|entry| (entry.key.clone(), as_json(&entry.node))).collect(),
        ),
    }
}
