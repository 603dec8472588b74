//! The language of scenarios as data: every table, its keys, what each may be, and a line about it. Whoever checks a
//! file and whoever prints its JSON Schema read it here, so that they cannot differ. Knows no scenario.

mod expectation;
mod file;
mod part;
mod program;
mod step;

pub use expectation::{EXPECTATION_KEYS, OF_LINKS};
pub use file::{DECLARED, DRAWS, FILE, NETWORK, PARAMETERS};
pub use step::ACTION_KEYS;

use crate::document::Value;

/// A table of a scenario.
#[derive(Debug)]
pub struct Table {
    /// What it is, in messages: `a program`.
    pub what: &'static str,
    /// What it says.
    pub about: &'static str,
    /// Its keys, in the order in which people write them.
    pub keys: &'static [Key],
    /// Of each of these groups of keys exactly one is there.
    pub one_of: &'static [&'static [&'static str]],
    /// Of these keys at least one is there, unless there are none of these.
    pub some_of: &'static [&'static str],
}

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub shape: Shape,
    /// Whether it has to be there.
    pub required: bool,
    /// What it says, in a line.
    pub about: &'static str,
}

/// What a value may be. Wherever a text is read, placeholders are replaced first.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// The number of the format.
    Version,
    /// A text.
    Text,
    /// A text in which the addresses of programs may stand too, which are known only when it runs.
    Template,
    /// A command: a list of words, or a text that is split as a shell splits it; with addresses.
    Command,
    /// A text with a unit: `250ms`.
    Time,
    /// A text with a unit: `512MB`.
    Size,
    /// A whole number.
    Whole {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// Any number.
    Number,
    /// True or false.
    Truth,
    /// One of a few words.
    Word(fn() -> Vec<&'static str>),
    /// Anything, as it stands.
    Any,
    /// A list of such values.
    List(&'static Self),
    /// A table of known keys.
    Table(&'static Table),
    /// A table whose keys are names that the author gives.
    Named(&'static Self),
    /// A table whose keys are anything.
    Map(&'static Self),
    /// The first of these that fits.
    Either(&'static [Self]),
}

impl Table {
    /// A table with these keys, any of which may be there together.
    const fn new(what: &'static str, about: &'static str, keys: &'static [Key]) -> Self {
        Self { what, about, keys, one_of: &[], some_of: &[] }
    }

    /// The key of this name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

impl Key {
    const fn required(name: &'static str, shape: Shape, about: &'static str) -> Self {
        Self { name, shape, required: true, about }
    }

    const fn optional(name: &'static str, shape: Shape, about: &'static str) -> Self {
        Self { name, shape, required: false, about }
    }
}

impl Shape {
    /// A number of things.
    const COUNT: Self = Self::Whole { least: 0, most: i64::MAX };

    /// Whether addresses may stand in its texts.
    pub fn runs(&self) -> bool {
        match self {
            Self::Template | Self::Command => true,
            Self::List(of) | Self::Map(of) | Self::Named(of) => of.runs(),
            Self::Either(shapes) => shapes.iter().any(Self::runs),
            _ => false,
        }
    }

    /// Whether a value that is no text is of this kind, so that what is wrong with it can be told.
    pub fn fits(&self, value: &Value) -> bool {
        match value {
            Value::Table(_) => matches!(self, Self::Table(_) | Self::Named(_) | Self::Map(_) | Self::Any),
            Value::List(_) => matches!(self, Self::List(_) | Self::Command | Self::Any),
            Value::Whole(_) => matches!(self, Self::Whole { .. } | Self::Number | Self::Any),
            plain => self.holds(plain),
        }
    }

    /// Whether a number or a truth value is what is expected.
    pub fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Version, Value::Whole(number)) => *number == VERSION,
            (Self::Whole { least, most }, Value::Whole(number)) => (least..=most).contains(&number),
            (Self::Number | Self::Any, Value::Whole(_) | Value::Real(_))
            | (Self::Truth | Self::Any, Value::Bool(_)) => true,
            (Self::Either(shapes), value) => shapes.iter().any(|shape| shape.holds(value)),
            _ => false,
        }
    }

    /// The words that it may be, if it may be words.
    pub fn words(&self) -> Vec<&'static str> {
        match self {
            Self::Word(words) => words(),
            Self::Either(shapes) => shapes.iter().flat_map(Self::words).collect(),
            _ => Vec::new(),
        }
    }

    /// What is expected, in words.
    pub fn expected(&self) -> String {
        match self {
            Self::Version => format!("{VERSION}"),
            Self::Text | Self::Template => "a text".to_owned(),
            Self::Command => "a list of words, or one text with blanks between them".to_owned(),
            Self::Time => "a duration of at most a day with its unit, such as \"250ms\" or \"2s\"".to_owned(),
            Self::Size => "a size with a unit, such as \"64KB\" or \"512MB\"".to_owned(),
            Self::Whole { least, most: i64::MAX } => format!("a whole number from {least}"),
            Self::Whole { least, most } => format!("a whole number from {least} to {most}"),
            Self::Number => "a number".to_owned(),
            Self::Truth => "true or false".to_owned(),
            Self::Word(words) => one_of(&words()),
            Self::Any => "a value".to_owned(),
            Self::List(of) => format!("a list, each {}", of.expected()),
            Self::Table(table) => table.what.to_owned(),
            Self::Named(of) => format!("a table of names, each {}", of.expected()),
            Self::Map(of) => format!("a table of values, each {}", of.expected()),
            Self::Either(shapes) => shapes.iter().map(Self::expected).collect::<Vec<_>>().join(", or "),
        }
    }
}

/// The format that this program reads.
pub const VERSION: i64 = 1;

/// More words than this are not read out.
const MANY: usize = 20;

/// A few words of which one is expected.
fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    match quoted.as_slice() {
        [one] => one.clone(),
        [first, second, ..] if quoted.len() > MANY => format!("a word such as {first} or {second}"),
        _ => format!("one of {}", quoted.join(", ")),
    }
}
