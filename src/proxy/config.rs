//! Proxies and toxics in a file: JSON as Toxiproxy's configuration, or TOML with a table `[[proxy]]` for each.

use super::spec::{Spec, specs};
use crate::document::{Entry, Mistake, Node, Unknown, Value, json, toml, unknown_key};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// A list of proxies.
    Json,
    /// `[[proxy]]` tables, each with its `[[proxy.toxics]]`.
    Toml,
}

/// Reads a file, and tells all that is wrong with it.
pub fn read(text: &str, syntax: Syntax) -> Result<Vec<Spec>, Vec<Mistake>> {
    let proxies = match syntax {
        Syntax::Json => json(text).map_err(|mistake| vec![mistake])?,
        Syntax::Toml => list(toml(text).map_err(|mistake| vec![mistake])?)?,
    };
    specs(&proxies, Unknown::Refused)
}

/// The list of `[[proxy]]`.
fn list(root: Node) -> Result<Node, Vec<Mistake>> {
    let Value::Table(entries) = root.value else { return Ok(root) };
    let (proxies, others): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| entry.key == "proxy");
    let wrong = |entry: &Entry| Mistake::new(entry.at, unknown_key("the file", &entry.key, &["proxy"]));
    let mistakes: Vec<Mistake> = others.iter().map(wrong).collect();
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let empty = Node { value: Value::List(Vec::new()), at: 0 };
    Ok(proxies.into_iter().next().map_or(empty, |entry| entry.node))
}
