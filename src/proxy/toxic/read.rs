//! Toxics as they are read from a request or a file.

use super::attributes::show;
use super::{Attributes, Kind, Toxic};
use crate::document::{Mistake, Mistakes, Node, Value};
use crate::failure::Protocol;
use crate::fault::nearest;
use crate::impair::{Direction, Window};
use crate::proxy::Unknown;
use std::time::Duration;

/// What may be changed on a toxic.
#[derive(Clone, Debug)]
pub struct Change {
    /// Attributes to set.
    pub attributes: Attributes,
    /// Another toxicity.
    pub toxicity: Option<f64>,
    from: Option<Duration>,
    until: Option<Duration>,
}

impl Change {
    /// The window after the change.
    pub(super) fn window(&self, old: Window) -> Window {
        Window { from: self.from.unwrap_or(old.from), until: self.until.or(old.until) }
    }
}

/// What a request wants to change on a toxic of this kind.
pub fn change(kind: &'static Kind, node: &Node) -> Result<Change, Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let fields = Fields::read(node, Unknown::Ignored, &mut mistakes);
    let change = fields.change(kind, &mut mistakes);
    mistakes.or(change)
}

/// The toxics of a list, for a proxy of this network: each has a name of its own.
pub fn toxics(nodes: &[Node], network: Protocol, unknown: Unknown, mistakes: &mut Mistakes) -> Vec<Toxic> {
    let mut read: Vec<Toxic> = Vec::new();
    for node in nodes {
        let Some(toxic) = toxic(node, network, unknown, mistakes) else { continue };
        if read.iter().any(|other| other.name == toxic.name) {
            mistakes.add(node.at, format!("toxic already exists: {:?}", toxic.name));
        }
        read.push(toxic);
    }
    read
}

fn toxic(node: &Node, network: Protocol, unknown: Unknown, mistakes: &mut Mistakes) -> Option<Toxic> {
    let fields = Fields::read(node, unknown, mistakes);
    let kind = match fields.kind.map_or(Ok(""), |node| node.text().ok_or(node)) {
        Ok(name) => Kind::named(name).and_then(|kind| kind.fits(network).map(|()| kind)),
        Err(node) => Err(format!("bad request body: type: expected a text, found {}", show(node))),
    };
    let kind = kind.map_err(|wrong| mistakes.add(fields.kind.map_or(node.at, |it| it.at), wrong)).ok()?;
    let stream = match fields.stream {
        None => Direction::Downstream,
        Some(node) => stream(node).map_err(|wrong| mistakes.add(node.at, wrong)).ok()?,
    };
    let name = match fields.name.map(|node| (node, node.text())) {
        None | Some((_, Some(""))) => Toxic::default_name(kind, stream),
        Some((node, Some(name))) if name.contains('/') => {
            mistakes.add(
                node.at,
                format!("bad request body: name: {name:?} has a slash, which a URL cannot hold"),
            );
            return None;
        }
        Some((_, Some(name))) => name.to_owned(),
        Some((node, None)) => {
            mistakes.add(node.at, format!("bad request body: name: expected a text, found {}", show(node)));
            return None;
        }
    };
    let mut own = Mistakes::default();
    let change = fields.change(kind, &mut own);
    if let Err(wrong) = own.or(()) {
        mistakes.extend(wrong);
        return None;
    }
    let toxicity = change.toxicity.unwrap_or(1.0);
    let window = change.window(Window::ALWAYS);
    Toxic::new(name, stream, toxicity, window, change.attributes)
        .map_err(|wrong| mistakes.add(fields.attributes.map_or(node.at, |it| it.at), wrong))
        .ok()
}

fn stream(node: &Node) -> Result<Direction, String> {
    let named = |name: &str| Direction::ALL.iter().find(|it| it.name().eq_ignore_ascii_case(name)).copied();
    node.text().and_then(named).ok_or_else(|| {
        format!("stream was invalid, can be either upstream or downstream, or both: found {}", show(node))
    })
}

/// What a toxic's table says.
#[derive(Default)]
struct Fields<'a> {
    name: Option<&'a Node>,
    kind: Option<&'a Node>,
    stream: Option<&'a Node>,
    toxicity: Option<&'a Node>,
    attributes: Option<&'a Node>,
    from: Option<&'a Node>,
    until: Option<&'a Node>,
}

impl<'a> Fields<'a> {
    fn read(node: &'a Node, unknown: Unknown, mistakes: &mut Mistakes) -> Self {
        const KEYS: &[&str] = &["name", "type", "stream", "toxicity", "attributes", "from", "until"];
        let mut fields = Self::default();
        let Some(entries) = node.entries() else {
            mistakes.add(node.at, format!("bad request body: expected a toxic, found {}", show(node)));
            return fields;
        };
        for entry in entries.iter().filter(|entry| !entry.node.is_null()) {
            let field = match entry.key.to_ascii_lowercase().as_str() {
                "name" => &mut fields.name,
                "type" => &mut fields.kind,
                "stream" => &mut fields.stream,
                "toxicity" => &mut fields.toxicity,
                "attributes" => &mut fields.attributes,
                "from" => &mut fields.from,
                "until" => &mut fields.until,
                _ => {
                    if let Some(wrong) = unknown.key("a toxic", &entry.key, KEYS) {
                        mistakes.add(entry.at, wrong);
                    }
                    continue;
                }
            };
            *field = Some(&entry.node);
        }
        fields
    }

    fn change(&self, kind: &'static Kind, mistakes: &mut Mistakes) -> Change {
        let attributes = self
            .attributes
            .map_or_else(|| Attributes::new(kind), |node| Attributes::read(kind, node, mistakes));
        let toxicity = self.toxicity.and_then(|node| {
            let share = match node.value {
                Value::Whole(0) => Some(0.0),
                Value::Whole(1) => Some(1.0),
                Value::Real(real) if (0.0..=1.0).contains(&real) => Some(real),
                _ => None,
            };
            if share.is_none() {
                let wrong = format!(
                    "bad request body: toxicity: expected a number from 0 to 1, found {}",
                    show(node)
                );
                mistakes.add(node.at, wrong);
            }
            share
        });
        let mut millis = |key: &str, node: Option<&Node>| {
            let node = node?;
            let whole = if let Value::Whole(whole) = node.value { u64::try_from(whole).ok() } else { None };
            if whole.is_none() {
                let wrong = format!(
                    "bad request body: {key}: expected milliseconds, a whole number from 0, found {}",
                    show(node)
                );
                mistakes.add(node.at, wrong);
            }
            whole.map(Duration::from_millis)
        };
        let from = millis("from", self.from);
        let until = millis("until", self.until);
        if let (Some(from), Some(until), Some(node)) = (from, until, self.until)
            && until <= from
        {
            mistakes.add(node.at, "bad request body: until has to be later than from");
        }
        Change { attributes, toxicity, from, until }
    }
}

impl Unknown {
    /// What is wrong with a key that nobody knows.
    pub(in crate::proxy) fn key(self, of: &str, key: &str, known: &[&'static str]) -> Option<String> {
        if self == Self::Ignored {
            return None;
        }
        let hint = match nearest(key, known.iter().map(|name| (*name, *name))).first() {
            Some(near) => format!("did you mean {near}?"),
            None => format!("it has {}", known.join(", ")),
        };
        Some(format!("{of} has no key {key:?}; {hint}"))
    }
}
