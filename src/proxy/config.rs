//! Proxies and toxics in a file: JSON as Toxiproxy's configuration, or TOML with a table `[[proxy]]` for each.

use super::spec::{Spec, specs};
use crate::document::{Entry, Mistake, Mistakes, Node, Unknown, Value, json, toml, unknown_key};

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
    let mut mistakes = Mistakes::default();
    let root = match syntax {
        Syntax::Json => json(text).map_err(|mistake| vec![mistake])?,
        Syntax::Toml => list(toml(text).map_err(|mistake| vec![mistake])?, &mut mistakes),
    };
    let read = specs(&root, Unknown::Refused).map_err(|wrong| mistakes.extend(wrong));
    mistakes.or_nothing(read.ok())
}

/// The list of `[[proxy]]`.
fn list(root: Node, mistakes: &mut Mistakes) -> Node {
    let Value::Table(entries) = root.value else { return root };
    let (proxies, others): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| entry.key == "proxy");
    for entry in others {
        mistakes.add(entry.at, unknown_key("the file", &entry.key, &["proxy"]));
    }
    let empty = Node { value: Value::List(Vec::new()), at: 0 };
    proxies.into_iter().next().map_or(empty, |entry| entry.node)
}
