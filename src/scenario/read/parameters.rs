//! The parameters of a scenario: which there are, and what a value given for one is.

use super::got::Got;
use super::values::{Filling, Whole};
use crate::document::{Mistakes, Node, Value};
use crate::fault::nearest;
use crate::lang::Words;

/// A parameter, as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What its value may be.
    pub kind: Kind,
    /// Its value when nothing is said, as it would be given to `--set`.
    pub default: Option<String>,
    /// What it is for.
    pub about: Option<Words>,
    /// Of a command: names of files, with `*` for any letters, that grading looks for in a submission.
    pub files: Vec<String>,
    /// Where it stands in the file.
    pub(super) at: usize,
}

/// What the value of a parameter may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Words, split as a shell splits them.
    Command,
    /// A number.
    Number,
    /// A duration with a unit.
    Duration,
    /// One of these.
    Choice(Vec<String>),
}

impl Parameter {
    /// What a text means as its value; or what is wrong with it.
    pub(super) fn value(&self, given: &str) -> Result<Filling, String> {
        let found = |expected: &str| format!("{}: expected {expected}, found {given:?}", self.name);
        let whole = match &self.kind {
            Kind::Text => Whole::Text,
            Kind::Command => {
                let words = shlex::split(given).ok_or_else(|| found("a command whose quotes are closed"))?;
                if words.is_empty() {
                    return Err(found("a command"));
                }
                Whole::Words(words)
            }
            Kind::Number => match (given.parse(), given.parse::<f64>()) {
                (Ok(number), _) => Whole::Number(Value::Whole(number)),
                (_, Ok(number)) if number.is_finite() => Whole::Number(Value::Real(number)),
                _ => return Err(found("a number")),
            },
            Kind::Duration => match humantime::parse_duration(given) {
                Ok(_) => Whole::Text,
                Err(_) => return Err(found("a duration with a unit, such as \"250ms\" or \"2s\"")),
            },
            Kind::Choice(of) if of.iter().any(|one| one == given) => Whole::Text,
            Kind::Choice(of) => {
                let near = nearest(given, of.iter().map(|one| (one.as_str(), one.as_str())));
                let hint = near.first().map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                return Err(found(&format!("one of {}", of.join(", "))) + &hint);
            }
        };
        Ok(Filling { text: given.to_owned(), whole })
    }

    /// A value with which a file can be checked when nobody gave one.
    pub(super) fn stand_in(&self) -> String {
        match &self.kind {
            Kind::Text | Kind::Command => self.name.clone(),
            Kind::Number => "1".to_owned(),
            Kind::Duration => "1s".to_owned(),
            Kind::Choice(of) => of.first().cloned().unwrap_or_default(),
        }
    }

    /// The parameter that a table declares.
    pub(super) fn read(name: &str, at: usize, got: Got, mistakes: &mut Mistakes) -> Option<Self> {
        let kind = match (got.text("type")?, got.node("of")) {
            ("choice", Some(of)) => {
                let of: Vec<String> =
                    of.list().unwrap_or_default().iter().filter_map(Node::text).map(str::to_owned).collect();
                if of.is_empty() {
                    mistakes.add(got.at("of"), format!("{name}: a choice needs something to choose from"));
                }
                Kind::Choice(of)
            }
            ("choice", None) => {
                mistakes.add(at, format!("{name} needs the key of: the values of the choice"));
                return None;
            }
            (_, Some(of)) => {
                mistakes.add(of.at, format!("{name}: only a choice has the key of"));
                return None;
            }
            ("command", None) => Kind::Command,
            ("number", None) => Kind::Number,
            ("duration", None) => Kind::Duration,
            _ => Kind::Text,
        };
        let files = got.texts("files");
        if kind != Kind::Command && !files.is_empty() {
            mistakes.add(got.at("files"), format!("{name}: only a command has the key files"));
        }
        let default = got.node("default").and_then(as_given);
        let parameter = Self { name: name.to_owned(), kind, default, about: got.words("about"), files, at };
        if let Some(Err(wrong)) = parameter.default.as_deref().map(|default| parameter.value(default)) {
            mistakes.add(got.at("default"), wrong);
            return None;
        }
        Some(parameter)
    }
}

/// A value of the file as it would be given to `--set`; a list is a command, quoted where a shell needs it.
pub(super) fn as_given(node: &Node) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Whole(number) => Some(number.to_string()),
        Value::Real(number) => Some(number.to_string()),
        Value::List(words) => shlex::try_join(words.iter().filter_map(Node::text)).ok(),
        Value::Null | Value::Bool(_) | Value::Table(_) => None,
    }
}
