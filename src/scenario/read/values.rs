//! What placeholders stand for: parameters and draws with their values, and the programs whose addresses are known only
//! when they run.

use super::parameters::Parameter;
use super::template::dotted;
use crate::document::Value;
use crate::fault::nearest;
use crate::scenario::draws::{Drawn, Kind};
use std::collections::BTreeMap;

/// What a placeholder is replaced by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filling {
    /// As a text.
    pub(super) text: String,
    /// Where it is the whole text.
    pub(super) whole: Whole,
}

/// What a whole text becomes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Whole {
    /// A text.
    Text,
    /// A number.
    Number(Value),
    /// A list of words.
    Words(Vec<String>),
}

/// Everything that a placeholder can mean.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Each under the word in the braces.
    pub(super) values: BTreeMap<String, Filling>,
    /// Each program, and whether it listens.
    pub(super) programs: BTreeMap<String, bool>,
}

/// What is known of a program that listens, when it runs.
const ADDRESSES: &[&str] = &["addr", "host", "port"];

impl Known {
    /// Adds a parameter with this value.
    pub(super) fn set(&mut self, parameter: &Parameter, given: &str) -> Result<(), String> {
        let filling = parameter.value(given)?;
        if let Whole::Words(words) = &filling.whole {
            for word in words {
                for (name, field) in dotted(word) {
                    let is_meant = self.programs.contains_key(name) || ADDRESSES.contains(&field);
                    if is_meant {
                        self.address(name, field)?;
                    }
                }
            }
        }
        self.values.insert(parameter.name.clone(), filling);
        Ok(())
    }

    /// Adds what a seed draws.
    pub(super) fn draw(&mut self, name: &str, kind: Kind, seed: u64) {
        let drawn = kind.draw(seed, name);
        for (field, value) in drawn.fields() {
            self.values.insert(format!("{name}.{field}"), value.into());
        }
        self.values.insert(name.to_owned(), drawn.into());
    }

    /// Whether this word stands for an address; or what is wrong with it.
    pub(super) fn address(&self, name: &str, field: &str) -> Result<(), String> {
        match self.programs.get(name) {
            Some(true) if ADDRESSES.contains(&field) => Ok(()),
            Some(false) if ADDRESSES.contains(&field) => Err(format!(
                "{{{name}.{field}}}: {name} listens on nothing; a program that listens says so with protocol"
            )),
            Some(_) => Err(format!("{{{name}.{field}}}: of a program there are {}", ADDRESSES.join(", "))),
            None => Err(self.unknown(&format!("{name}.{field}"))),
        }
    }

    /// What is wrong with a word that stands for nothing.
    pub(super) fn unknown(&self, word: &str) -> String {
        let addresses = self.programs.iter().filter(|(_, listens)| **listens);
        let addresses: Vec<String> = addresses
            .flat_map(|(name, _)| ADDRESSES.iter().map(move |field| format!("{name}.{field}")))
            .collect();
        let words = || self.values.keys().chain(&addresses).map(String::as_str);
        let hint = match nearest(word, words().map(|known| (known, known))).first() {
            Some(near) => format!("did you mean {{{near}}}?"),
            None => format!("declare it under parameters or draws, or write {{{{{word}}}}} for braces"),
        };
        format!("{{{word}}} stands for nothing; {hint}")
    }
}

impl From<Drawn> for Filling {
    fn from(drawn: Drawn) -> Self {
        match drawn {
            Drawn::Text(text) => Self { text, whole: Whole::Text },
            Drawn::Number(number) => {
                Self { text: number.to_string(), whole: Whole::Number(Value::Whole(number)) }
            }
        }
    }
}
