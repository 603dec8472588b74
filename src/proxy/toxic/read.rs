//! Toxics as they are read from a request or a file.

use super::{Attributes, Kind, Toxic};
use crate::document::{Fields, Mistake, Mistakes, Node, Unknown, Value};
use crate::failure::Protocol;
use crate::impair::{Direction, Window};
use std::time::Duration;

const KEYS: &[&str] = &["name", "type", "stream", "toxicity", "attributes", "from", "until"];

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
    /// Makes another toxic of the same kind what this one was set to be.
    pub fn to(wanted: &Toxic) -> Self {
        Self {
            attributes: wanted.attributes.clone(),
            toxicity: (wanted.toxicity < 1.0).then_some(wanted.toxicity),
            from: (!wanted.window.from.is_zero()).then_some(wanted.window.from),
            until: wanted.window.until,
        }
    }

    /// The window after the change.
    pub(super) fn window(&self, old: Window) -> Window {
        Window { from: self.from.unwrap_or(old.from), until: self.until.or(old.until) }
    }

    fn read(fields: &Fields, kind: &'static Kind, mistakes: &mut Mistakes) -> Self {
        let attributes = match fields.get("attributes") {
            Some(node) => Attributes::read(kind, node, mistakes),
            None => Attributes::new(kind),
        };
        let toxicity = fields.get("toxicity").and_then(|node| share(node, mistakes));
        let (from, until) = (millis(fields, "from", mistakes), millis(fields, "until", mistakes));
        if let (Some(from), Some(until), Some(node)) = (from, until, fields.get("until"))
            && until <= from
        {
            mistakes.add(node.at, "until has to be later than from");
        }
        Self { attributes, toxicity, from, until }
    }
}

/// What a request wants to change on a toxic of this kind.
pub fn change(kind: &'static Kind, node: &Node) -> Result<Change, Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let fields = Fields::read(node, "a toxic", KEYS, Unknown::Ignored, &mut mistakes);
    let change = fields.map(|fields| Change::read(&fields, kind, &mut mistakes));
    mistakes.or_nothing(change)
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
    let fields = Fields::read(node, "a toxic", KEYS, unknown, mistakes)?;
    let at = |key: &str| fields.get(key).map_or(node.at, |node| node.at);
    let kind = match fields.get("type") {
        Some(_) => fields.text("type", mistakes)?,
        None => "",
    };
    let kind = Kind::named(kind).and_then(|kind| kind.fits(network).map(|()| kind));
    let kind = kind.map_err(|wrong| mistakes.add(at("type"), wrong)).ok()?;
    let stream = match fields.get("stream") {
        None => Direction::Downstream,
        Some(node) => stream(node).map_err(|wrong| mistakes.add(node.at, wrong)).ok()?,
    };
    let name = match fields.get("name") {
        Some(_) => fields.text("name", mistakes)?,
        None => "",
    };
    if name.contains('/') {
        mistakes.add(at("name"), slash(name));
        return None;
    }
    let name = if name.is_empty() { Toxic::default_name(kind, stream) } else { name.to_owned() };
    let mut own = Mistakes::default();
    let change = Change::read(&fields, kind, &mut own);
    if let Err(wrong) = own.or(()) {
        mistakes.extend(wrong);
        return None;
    }
    let (toxicity, window) = (change.toxicity.unwrap_or(1.0), change.window(Window::ALWAYS));
    Toxic::new(name, stream, toxicity, window, change.attributes)
        .map_err(|wrong| mistakes.add(at("attributes"), wrong))
        .ok()
}

/// What is wrong with a name that has one.
pub(in crate::proxy) fn slash(name: &str) -> String {
    format!("name: {name:?} has a slash, which a URL cannot hold")
}

fn stream(node: &Node) -> Result<Direction, String> {
    let named = |name: &str| Direction::ALL.iter().find(|it| it.name().eq_ignore_ascii_case(name)).copied();
    node.text().and_then(named).ok_or_else(|| {
        format!("stream was invalid, can be either upstream or downstream, or both: found {node}")
    })
}

fn share(node: &Node, mistakes: &mut Mistakes) -> Option<f64> {
    match node.value {
        Value::Whole(0) => Some(0.0),
        Value::Whole(1) => Some(1.0),
        Value::Real(real) if (0.0..=1.0).contains(&real) => Some(real),
        _ => {
            mistakes.add(node.at, format!("toxicity: expected a number from 0 to 1, found {node}"));
            None
        }
    }
}

fn millis(fields: &Fields, key: &str, mistakes: &mut Mistakes) -> Option<Duration> {
    let node = fields.get(key)?;
    let whole = if let Value::Whole(whole) = node.value { u64::try_from(whole).ok() } else { None };
    if whole.is_none() {
        let wrong = format!("{key}: expected milliseconds, a whole number from 0, found {node}");
        mistakes.add(node.at, wrong);
    }
    whole.map(Duration::from_millis)
}
