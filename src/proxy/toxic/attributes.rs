//! The attributes of toxics: which there are, and what they are set to.

use super::{Kind, number};
use crate::document::{Mistakes, Node, Value, unknown_key};
use serde_json::{Map, json};
use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

/// An attribute that a kind of toxic has.
#[derive(Debug)]
pub struct Attribute {
    /// Its key.
    pub name: &'static str,
    /// What it may be.
    pub shape: Shape,
    /// What it is when nothing is said.
    pub default: Setting,
    /// What it means, with its unit.
    pub means: &'static str,
    /// Whether Toxiproxy has it; others are shown only where they were set.
    pub is_contract: bool,
}

/// What an attribute may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A whole number from 0.
    Whole,
    /// A number from 0 to 1.
    Share,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// What an attribute is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setting {
    /// A whole number.
    Whole(u64),
    /// A share.
    Share(f64),
    /// A word.
    Word(&'static str),
}

impl Attribute {
    /// A whole number, 0 when nothing is said.
    pub(super) const fn whole(name: &'static str, means: &'static str) -> Self {
        Self { name, shape: Shape::Whole, default: Setting::Whole(0), means, is_contract: true }
    }

    /// A share, 0 when nothing is said.
    pub(super) const fn share(name: &'static str, means: &'static str) -> Self {
        Self { name, shape: Shape::Share, default: Setting::Share(0.0), means, is_contract: true }
    }

    /// One that Toxiproxy does not have.
    pub(super) const fn ours(self) -> Self {
        Self { is_contract: false, ..self }
    }

    /// With another default.
    pub(super) const fn or(self, default: Setting) -> Self {
        Self { default, ..self }
    }

    fn read(&self, node: &Node) -> Result<Setting, String> {
        let found = |expected: &str| format!("{}: expected {expected}, found {node}", self.name);
        match (self.shape, &node.value) {
            (Shape::Whole, Value::Whole(whole)) => {
                u64::try_from(*whole).map(Setting::Whole).map_err(|_| found("a whole number from 0"))
            }
            (Shape::Whole, _) => Err(found("a whole number")),
            (Shape::Share, Value::Whole(whole @ (0 | 1))) => {
                Ok(Setting::Share(if *whole == 1 { 1.0 } else { 0.0 }))
            }
            (Shape::Share, Value::Real(real)) if (0.0..=1.0).contains(real) => Ok(Setting::Share(*real)),
            (Shape::Share, _) => Err(found("a number from 0 to 1")),
            (Shape::Word(words), Value::Text(text)) => {
                let known = words.iter().find(|word| *word == text).map(|word| Setting::Word(word));
                known.ok_or_else(|| found(&format!("one of {}", words.join(", "))))
            }
            (Shape::Word(words), _) => Err(found(&format!("one of {}", words.join(", ")))),
        }
    }
}

/// What the attributes of one toxic are set to.
#[derive(Clone, Debug)]
pub struct Attributes {
    kind: &'static Kind,
    set: Vec<(&'static str, Setting)>,
}

impl Attributes {
    /// Nothing said.
    pub fn new(kind: &'static Kind) -> Self {
        Self { kind, set: Vec::new() }
    }

    /// Whose they are.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// Those in a table; what is wrong with others goes to `mistakes`. Keys may be written in any case; null is as
    /// good as nothing.
    pub fn read(kind: &'static Kind, node: &Node, mistakes: &mut Mistakes) -> Self {
        let mut read = Self::new(kind);
        let Some(entries) = node.entries() else {
            if !node.is_null() {
                mistakes.add(node.at, format!("attributes: expected a table, found {node}"));
            }
            return read;
        };
        for entry in entries.iter().filter(|entry| !entry.node.is_null()) {
            match read.attribute(&entry.key) {
                Err(unknown) => mistakes.add(entry.at, unknown),
                Ok(attribute) => match attribute.read(&entry.node) {
                    Ok(setting) => read.put(attribute.name, setting),
                    Err(wrong) => mistakes.add(entry.node.at, wrong),
                },
            }
        }
        read
    }

    fn attribute(&self, key: &str) -> Result<&'static Attribute, String> {
        let all = self.kind.attributes;
        all.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(key)).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|attribute| attribute.name).collect();
            unknown_key(self.kind.name, key, &names)
        })
    }

    fn put(&mut self, name: &'static str, setting: Setting) {
        self.set.retain(|(other, _)| *other != name);
        self.set.push((name, setting));
    }

    /// Sets what `other` sets.
    pub fn merge(&mut self, other: &Self) {
        for (name, setting) in &other.set {
            self.put(name, *setting);
        }
    }

    /// Whether something was said about this one.
    pub fn is_set(&self, name: &str) -> bool {
        self.set.iter().any(|(other, _)| *other == name)
    }

    fn get(&self, name: &str) -> Setting {
        let set = self.set.iter().find(|(other, _)| *other == name).map(|(_, setting)| *setting);
        let default = || self.kind.attributes.iter().find(|one| one.name == name).map(|one| one.default);
        set.or_else(default).unwrap_or(Setting::Whole(0))
    }

    /// A whole number.
    pub fn whole(&self, name: &str) -> u64 {
        match self.get(name) {
            Setting::Whole(whole) => whole,
            Setting::Share(_) | Setting::Word(_) => 0,
        }
    }

    /// A share.
    pub fn share(&self, name: &str) -> f64 {
        match self.get(name) {
            Setting::Share(share) => share,
            Setting::Whole(_) | Setting::Word(_) => 0.0,
        }
    }

    /// A word.
    pub fn word(&self, name: &str) -> &'static str {
        match self.get(name) {
            Setting::Word(word) => word,
            Setting::Whole(_) | Setting::Share(_) => "",
        }
    }

    /// A number of milliseconds.
    pub fn millis(&self, name: &str) -> Duration {
        Duration::from_millis(self.whole(name))
    }

    /// A whole number that may not be 0.
    pub fn positive(&self, name: &str) -> Result<NonZeroU64, String> {
        NonZeroU64::new(self.whole(name))
            .ok_or_else(|| format!("{}: {name} has to be at least 1", self.kind.name))
    }

    /// A number of bytes that may not be 0.
    pub fn size(&self, name: &str) -> Result<NonZeroUsize, String> {
        self.positive(name).map(|size| NonZeroUsize::try_from(size).unwrap_or(NonZeroUsize::MAX))
    }

    /// As the control API shows them.
    pub fn json(&self) -> serde_json::Value {
        let shown = |attribute: &&Attribute| attribute.is_contract || self.is_set(attribute.name);
        let entries = self.kind.attributes.iter().filter(shown).map(|attribute| {
            let value = match self.get(attribute.name) {
                Setting::Whole(whole) => json!(whole),
                Setting::Share(share) => number(share),
                Setting::Word(word) => json!(word),
            };
            (attribute.name.to_owned(), value)
        });
        serde_json::Value::Object(entries.collect::<Map<_, _>>())
    }
}
