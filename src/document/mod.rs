//! A JSON or TOML text as a tree that remembers where each part of it stands, so that whoever reads it can say
//! which line is wrong, and what all of the mistakes are and not only the first.

mod fields;
mod json;
mod mistake;
mod toml;

pub use fields::{Fields, Unknown, unknown_key};
pub use json::json;
pub use mistake::{Mistake, Mistakes, Place};
pub use toml::toml;

use std::fmt;

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Bytes before it in the text.
    pub at: usize,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// JSON's null.
    Null,
    /// True or false.
    Bool(bool),
    /// A number without a fraction.
    Whole(i64),
    /// A number with a fraction or an exponent, or too large for 64 bits.
    Real(f64),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Node>),
    /// Keys and values in order.
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Bytes before the key.
    pub at: usize,
    /// The value.
    pub node: Node,
}

impl Node {
    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Whole(_) => "a whole number",
            Value::Real(_) => "a number with a fraction",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The entries, when it is a table.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// The values, when it is a list.
    pub fn list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// The text, when it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is JSON's null.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }
}

impl fmt::Display for Node {
    /// A plain value as it is written; of others what they are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Whole(whole) => write!(f, "{whole}"),
            Value::Real(real) => write!(f, "{real}"),
            Value::Text(text) => write!(f, "{text:?}"),
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Null | Value::List(_) | Value::Table(_) => f.write_str(self.kind()),
        }
    }
}
