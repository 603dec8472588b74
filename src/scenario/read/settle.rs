//! Checks a tree against the language and replaces its placeholders, so that whoever reads it next finds every value in
//! its shape. What is wrong is told and left out; the rest is read on.

use super::got::size;
use super::template::{Piece, Stray, dotted, is_name, pieces};
use super::values::{Known, Whole};
use crate::document::{Entry, Mistakes, Node, Value, unknown_key};
use crate::fault::nearest;
use crate::scenario::language::{Shape, Table};
use std::borrow::Cow;
use std::time::Duration;

/// Longer times are meant by nobody, and clocks cannot add up the longest.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Where addresses can stand.
const RUNS: &str = "command, args, env and stdin of a program";

/// What a tree is checked with.
pub(super) struct Settler<'a> {
    /// The text of the file, for the places of placeholders.
    pub(super) source: &'a str,
    /// What placeholders stand for; nothing where texts are taken as they are.
    pub(super) known: Option<&'a Known>,
    /// What is wrong.
    pub(super) mistakes: &'a mut Mistakes,
}

/// A text whose placeholders were replaced.
struct Filled {
    text: String,
    /// What it is, if one placeholder is the whole text.
    whole: Whole,
}

impl Settler<'_> {
    /// `node`, which `label` names in messages, in this shape.
    pub(super) fn settle(&mut self, label: &str, node: &Node, shape: &Shape) -> Option<Node> {
        let value = match (&node.value, shape) {
            (_, Shape::Command) => self.command(label, node),
            (Value::Text(text), _) => {
                let filled = self.fill(text, node.at, shape.runs())?;
                let value = plain(&filled, shape);
                return match value {
                    Some(value) => Some(Node { value, at: node.at }),
                    None => self.wrong(label, node.at, &shape.expected(), &found(&filled.text, shape)),
                };
            }
            (Value::Table(entries), Shape::Table(table)) => Some(self.table(label, node, entries, table)),
            (Value::Table(entries), Shape::Named(of)) => Some(self.named(entries, of)),
            (Value::Table(entries), Shape::Map(of)) => Some(self.map(entries, of)),
            (Value::List(nodes), Shape::List(of)) => Some(self.list(label, nodes, of)),
            (_, Shape::Either(shapes)) => {
                let fitting = shapes.iter().find(|shape| shape.fits(&node.value));
                return match fitting {
                    Some(shape) => self.settle(label, node, shape),
                    None => self.wrong(label, node.at, &shape.expected(), &node.to_string()),
                };
            }
            (Value::List(nodes), Shape::Any) => Some(self.list(label, nodes, &Shape::Any)),
            (Value::Table(entries), Shape::Any) => Some(self.map(entries, &Shape::Any)),
            (value, shape) if shape.holds(value) => Some(value.clone()),
            _ => self.wrong(label, node.at, &shape.expected(), &node.to_string()),
        };
        value.map(|value| Node { value, at: node.at })
    }

    fn wrong<T>(&mut self, label: &str, at: usize, expected: &str, found: &str) -> Option<T> {
        self.mistakes.add(at, format!("{label}: expected {expected}, found {found}"));
        None
    }

    fn table(&mut self, label: &str, node: &Node, entries: &[Entry], table: &Table) -> Value {
        let mut settled = Vec::new();
        for entry in entries {
            let Some(key) = table.key(&entry.key) else {
                let keys: Vec<&'static str> = table.keys.iter().map(|key| key.name).collect();
                self.mistakes.add(entry.at, unknown_key(label, &entry.key, &keys));
                continue;
            };
            // Where a table begins, its header stands, and of dotted keys the first.
            let node = Node { at: entry.at.max(entry.node.at), ..entry.node.clone() };
            if let Some(node) = self.settle(key.name, &node, &key.shape) {
                settled.push(Entry { node, key: entry.key.clone(), at: entry.at });
            }
        }
        let is_there = |name: &str| entries.iter().find(|entry| entry.key == name);
        for key in table.keys.iter().filter(|key| key.required && is_there(key.name).is_none()) {
            self.mistakes.add(node.at, format!("{label} needs the key {}", key.name));
        }
        for group in table.one_of {
            let mut found: Vec<&Entry> = group.iter().filter_map(|name| is_there(name)).collect();
            found.sort_by_key(|entry| entry.at);
            match found.as_slice() {
                [] => {
                    self.mistakes.add(node.at, format!("{label} needs one of the keys {}", group.join(", ")));
                }
                [_] => {}
                [first, second, ..] => self.mistakes.add(
                    second.at,
                    format!("{label} has {} and {}, which exclude each other", first.key, second.key),
                ),
            }
        }
        // A misspelled key may have been meant to be one of them.
        let is_short = entries
            .iter()
            .all(|entry| table.key(&entry.key).is_some() && !table.some_of.contains(&entry.key.as_str()));
        if is_short && !table.some_of.is_empty() {
            let keys = table.some_of.join(", ");
            self.mistakes.add(node.at, format!("{label} needs at least one of the keys {keys}"));
        }
        Value::Table(settled)
    }

    fn named(&mut self, entries: &[Entry], of: &Shape) -> Value {
        let (names, others): (Vec<&Entry>, Vec<&Entry>) =
            entries.iter().partition(|entry| is_name(&entry.key));
        for entry in others {
            let wrong = format!(
                "expected a name of letters, digits, - and _ that begins with a letter, found {:?}",
                entry.key
            );
            self.mistakes.add(entry.at, wrong);
        }
        self.entries(names.into_iter(), of)
    }

    fn map(&mut self, entries: &[Entry], of: &Shape) -> Value {
        self.entries(entries.iter(), of)
    }

    fn entries<'e>(&mut self, entries: impl Iterator<Item = &'e Entry>, of: &Shape) -> Value {
        let settled = entries.filter_map(|entry| {
            let node = Node { at: entry.at.max(entry.node.at), ..entry.node.clone() };
            let node = self.settle(&entry.key.escape_debug().to_string(), &node, of)?;
            Some(Entry { node, key: entry.key.clone(), at: entry.at })
        });
        Value::Table(settled.collect())
    }

    /// A placeholder that stands for several words makes several values.
    fn list(&mut self, label: &str, nodes: &[Node], of: &Shape) -> Value {
        let mut settled = Vec::new();
        for node in nodes {
            match node.text() {
                Some(text) if matches!(of, Shape::Text | Shape::Template) => {
                    settled.extend(self.item(text, node.at, of.runs()));
                }
                _ => {
                    let label = if let Shape::Table(table) = of { table.what } else { label };
                    settled.extend(self.settle(label, node, of));
                }
            }
        }
        Value::List(settled)
    }

    /// The words that a text in a list stands for.
    fn item(&mut self, text: &str, at: usize, runs: bool) -> Vec<Node> {
        let words = match self.fill(text, at, runs) {
            None => Vec::new(),
            Some(Filled { whole: Whole::Words(words), .. }) => words,
            Some(filled) => vec![filled.text],
        };
        words.into_iter().map(|word| Node { value: Value::Text(word), at }).collect()
    }

    /// The words of a command. A text is split before its placeholders are replaced: the value of one is never split.
    fn command(&mut self, label: &str, node: &Node) -> Option<Value> {
        let words = match &node.value {
            Value::List(nodes) => self.list(label, nodes, &Shape::Template),
            Value::Text(text) => {
                let Some(words) = shlex::split(text) else {
                    return self.wrong(
                        label,
                        node.at,
                        "a command whose quotes are closed",
                        &node.to_string(),
                    );
                };
                Value::List(words.iter().flat_map(|word| self.item(word, node.at, true)).collect())
            }
            _ => return self.wrong(label, node.at, &Shape::Command.expected(), &node.to_string()),
        };
        if words == Value::List(Vec::new()) {
            return self.wrong(label, node.at, "at least one word", "none");
        }
        Some(words)
    }

    /// Replaces the placeholders of a text; nothing when one is wrong. `runs`: addresses may stand in it.
    fn fill(&mut self, text: &str, at: usize, runs: bool) -> Option<Filled> {
        let Some(known) = self.known else {
            return Some(Filled { text: text.to_owned(), whole: Whole::Text });
        };
        let (pieces, strays) = pieces(text);
        if let ([Piece::Word(word)], []) = (pieces.as_slice(), strays.as_slice())
            && let Some(value) = known.values.get(*word)
        {
            return Some(Filled { text: value.text.clone(), whole: value.whole.clone() });
        }
        let mut wrong: Vec<(String, String)> = strays.iter().map(stray).collect();
        let mut filled = String::new();
        for piece in &pieces {
            match replaced(piece, known, runs) {
                Ok(text) => filled.push_str(&text),
                Err(told) => wrong.push(told),
            }
        }
        for (words, told) in &wrong {
            let place = self.place_of(words, at);
            self.mistakes.add(place, told.clone());
        }
        wrong.is_empty().then_some(Filled { text: filled, whole: Whole::Text })
    }

    /// Where `words` stand in the text that begins at `at`, if they are written there as they are.
    fn place_of(&self, words: &str, at: usize) -> usize {
        let rest = self.source.get(at..).unwrap_or_default();
        let is_long = rest.starts_with("\"\"\"") || rest.starts_with("'''");
        let text = if is_long { rest } else { rest.lines().next().unwrap_or_default() };
        text.find(words).map_or(at, |place| at + place)
    }
}

/// What stands for a piece of a text; or the words that are wrong, and what is told of them.
fn replaced<'t>(piece: &'t Piece, known: &'t Known, runs: bool) -> Result<Cow<'t, str>, (String, String)> {
    let word = match piece {
        Piece::Plain(plain) => {
            let taken = dotted(plain).find(|(name, field)| runs && known.address(name, field).is_ok());
            return match taken.map(|(name, field)| format!("{{{name}.{field}}}")) {
                Some(word) => Err((word.clone(), format!("{word} cannot be written here as a plain text"))),
                None => Ok(plain.into()),
            };
        }
        Piece::Word(word) => *word,
    };
    let braced = format!("{{{word}}}");
    match (known.values.get(word), word.split_once('.')) {
        (Some(value), _) => Ok((&value.text).into()),
        (None, None) => Err((braced, known.unknown(word))),
        (None, Some((name, field))) => match known.address(name, field) {
            Ok(()) if runs => Ok(braced.into()),
            Ok(()) => {
                let told = format!("{braced} is known only when it runs: it can stand in {RUNS}");
                Err((braced, told))
            }
            Err(told) => Err((braced, told)),
        },
    }
}

fn stray(stray: &Stray) -> (String, String) {
    let shown = stray.0;
    let doubled = shown.replace('{', "{{").replace('}', "}}");
    (shown.to_owned(), format!("{shown:?} is no placeholder; a brace is written twice: {doubled:?}"))
}

/// A text in this shape, if it fits.
fn plain(filled: &Filled, shape: &Shape) -> Option<Value> {
    let fits = match shape {
        Shape::Text | Shape::Template => true,
        Shape::Time => humantime::parse_duration(&filled.text).is_ok_and(|time| time <= LONGEST),
        Shape::Size => size(&filled.text).is_some(),
        Shape::Word(words) => words().contains(&filled.text.as_str()),
        Shape::Either(shapes) => return shapes.iter().find_map(|shape| plain(filled, shape)),
        _ => false,
    };
    match (&filled.whole, shape) {
        _ if fits => Some(Value::Text(filled.text.clone())),
        (Whole::Number(number), _) if shape.holds(number) => Some(number.clone()),
        (Whole::Words(words), Shape::List(Shape::Text | Shape::Template)) => {
            let node = |word: &String| Node { value: Value::Text(word.clone()), at: 0 };
            Some(Value::List(words.iter().map(node).collect()))
        }
        (_, Shape::Any) => Some(Value::Text(filled.text.clone())),
        _ => None,
    }
}

/// A text that does not fit, and what it may have been meant to be.
fn found(text: &str, shape: &Shape) -> String {
    let words = shape.words();
    match nearest(text, words.iter().map(|word| (*word, *word))).first() {
        Some(near) => format!("{text:?}; did you mean {near:?}?"),
        None => format!("{text:?}"),
    }
}
