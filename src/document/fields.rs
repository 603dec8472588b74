//! The keys of a table that are known, and what is to be said of the others.

use super::{Mistakes, Node};
use crate::fault::nearest;

/// What becomes of keys that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing: in requests of programs that may be newer than this one.
    Ignored,
    /// They are mistakes: in files, where nobody else would find them.
    Refused,
}

/// What a table says about the keys that are known. Keys may be written in any case; null is as good as nothing.
#[derive(Debug)]
pub struct Fields<'a>(Vec<(&'static str, &'a Node)>);

impl<'a> Fields<'a> {
    /// The fields of `node`, which ought to be `what` (`a proxy`) with these keys.
    pub fn read(
        node: &'a Node,
        what: &str,
        keys: &[&'static str],
        unknown: Unknown,
        mistakes: &mut Mistakes,
    ) -> Option<Self> {
        let Some(entries) = node.entries() else {
            mistakes.add(node.at, format!("expected {what}, found {}", node.kind()));
            return None;
        };
        let mut found = Vec::new();
        for entry in entries {
            match keys.iter().find(|key| key.eq_ignore_ascii_case(&entry.key)) {
                Some(key) if !entry.node.is_null() => found.push((*key, &entry.node)),
                None if unknown == Unknown::Refused => {
                    mistakes.add(entry.at, unknown_key(what, &entry.key, keys));
                }
                _ => {}
            }
        }
        Some(Self(found))
    }

    /// The value of a key; the last one if it is there more than once.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.0.iter().rev().find(|(other, _)| *other == key).map(|(_, node)| *node)
    }

    /// The text of a key; anything else is a mistake.
    pub fn text(&self, key: &str, mistakes: &mut Mistakes) -> Option<&'a str> {
        let node = self.get(key)?;
        if node.text().is_none() {
            mistakes.add(node.at, format!("{key}: expected a text, found {node}"));
        }
        node.text()
    }
}

/// What is wrong with a key that `of` does not have.
pub fn unknown_key(of: &str, key: &str, known: &[&str]) -> String {
    let hint = match nearest(key, known.iter().map(|name| (*name, *name))).first() {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => "it has none".to_owned(),
        None => format!("it has {}", known.join(", ")),
    };
    format!("{of} has no key {key:?}; {hint}")
}
