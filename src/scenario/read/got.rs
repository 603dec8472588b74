//! A table whose values are known to have the shapes of the language: what is there, by its key.

use crate::document::{Node, Value};
use crate::lang::Words;
use crate::scenario::model::Bounds;
use std::time::Duration;

/// A table that was checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Got<'a>(pub(super) &'a Node);

impl<'a> Got<'a> {
    /// The value of a key.
    pub(super) fn node(self, key: &str) -> Option<&'a Node> {
        self.0.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Where the value of a key stands; the table itself without one.
    pub(super) fn at(self, key: &str) -> usize {
        self.node(key).map_or(self.0.at, |node| node.at)
    }

    /// The text of a key.
    pub(super) fn text(self, key: &str) -> Option<&'a str> {
        self.node(key)?.text()
    }

    /// The table of a key.
    pub(super) fn table(self, key: &str) -> Option<Self> {
        self.node(key).filter(|node| node.entries().is_some()).map(Self)
    }

    /// The tables of a key, each under its name, with the place of the name.
    pub(super) fn named(self, key: &str) -> impl Iterator<Item = (&'a str, usize, Self)> {
        let entries = self.node(key).and_then(Node::entries).unwrap_or_default();
        entries.iter().map(|entry| (entry.key.as_str(), entry.at, Self(&entry.node)))
    }

    /// The values of a list; a value that is no list is a list of one.
    pub(super) fn list(self, key: &str) -> &'a [Node] {
        match self.node(key) {
            Some(node) => node.list().unwrap_or(std::slice::from_ref(node)),
            None => &[],
        }
    }

    /// The texts of a list.
    pub(super) fn texts(self, key: &str) -> Vec<String> {
        self.list(key).iter().filter_map(Node::text).map(str::to_owned).collect()
    }

    /// A whole number that is not negative.
    pub(super) fn count(self, key: &str) -> Option<u64> {
        whole(self.node(key)?)
    }

    /// A number of at most so many bits.
    pub(super) fn number<N: TryFrom<i64>>(self, key: &str) -> Option<N> {
        match self.node(key)?.value {
            Value::Whole(number) => N::try_from(number).ok(),
            _ => None,
        }
    }

    /// True or false.
    pub(super) fn truth(self, key: &str) -> Option<bool> {
        match self.node(key)?.value {
            Value::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    /// A duration.
    pub(super) fn time(self, key: &str) -> Option<Duration> {
        humantime::parse_duration(self.text(key)?).ok()
    }

    /// A number of bytes.
    pub(super) fn size(self, key: &str) -> Option<u64> {
        size(self.text(key)?)
    }

    /// What a person reads.
    pub(super) fn words(self, key: &str) -> Option<Words> {
        let table = self.table(key)?;
        Some(Words { en: table.text("en")?.to_owned(), id: table.text("id")?.to_owned() })
    }

    /// How many.
    pub(super) fn bounds(self, key: &str) -> Option<Bounds> {
        if let Some(exactly) = self.count(key) {
            return Some(Bounds::exactly(exactly));
        }
        let table = self.table(key)?;
        Some(Bounds { at_least: table.count("at_least").unwrap_or(0), at_most: table.count("at_most") })
    }
}

fn whole(node: &Node) -> Option<u64> {
    match node.value {
        Value::Whole(number) => u64::try_from(number).ok(),
        _ => None,
    }
}

/// A size as people write it, in bytes: `64KB` are 64 000, `64KiB` are 65 536.
pub(super) fn size(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim_start() {
        "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_needs_its_unit() {
        assert_eq!(size("64KB"), Some(64_000));
        assert_eq!(size("1 GiB"), Some(1 << 30));
        for wrong in ["64", "KB", "-1KB", "64kb", "99999999999GB", ""] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }
}
