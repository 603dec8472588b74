//! Toxics: impairments as Toxiproxy names them, with a name, a type and attributes, and how they are read and written.

mod attributes;
mod contract;
mod own;
mod read;
mod short;

pub use attributes::{Attribute, Attributes, Setting, Shape};
pub(super) use read::slash;
pub use read::{Change, change, toxics};
pub use short::short;

use crate::failure::Protocol;
use crate::fault::nearest;
use crate::impair::{Direction, Impairment, Rule, Window};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// A kind of toxic.
#[derive(Debug)]
pub struct Kind {
    /// The value of `type`.
    pub name: &'static str,
    /// What it does, in a few words.
    pub does: &'static str,
    /// What it can be used on.
    pub on: &'static [Protocol],
    /// Its attributes.
    pub attributes: &'static [Attribute],
    /// What it does, as data; or what is wrong with the attributes.
    build: fn(&Attributes) -> Result<Impairment, String>,
}

const BOTH: &[Protocol] = &[Protocol::Tcp, Protocol::Udp];
const TCP: &[Protocol] = &[Protocol::Tcp];
const UDP: &[Protocol] = &[Protocol::Udp];

impl Kind {
    /// Every kind: those of Toxiproxy, then ours.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        contract::KINDS.iter().chain(own::KINDS)
    }

    /// The kind of this name; else what is wrong with it, with the nearest name.
    pub fn named(name: &str) -> Result<&'static Self, String> {
        Self::all().find(|kind| kind.name == name).ok_or_else(|| {
            let names = || Self::all().map(|kind| kind.name);
            let hint = match nearest(name, names().map(|name| (name, name))).first() {
                Some(near) => format!("did you mean {near}?"),
                None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
            };
            format!("invalid toxic type: {name:?}; {hint}")
        })
    }

    /// What is wrong with it on a proxy of this network, if anything.
    pub fn fits(&self, network: Protocol) -> Result<(), String> {
        if self.on.contains(&network) {
            return Ok(());
        }
        let hint = match (self.name, network) {
            ("loss", Protocol::Tcp) => "; packet_loss drops pieces of a stream",
            _ => "",
        };
        Err(format!("invalid toxic type: {} does not work on {network}{hint}", self.name))
    }
}

/// A toxic of a proxy.
#[derive(Clone, Debug)]
pub struct Toxic {
    /// Its name, unique in its proxy.
    pub name: String,
    /// Its kind.
    pub kind: &'static Kind,
    /// Which way it works.
    pub stream: Direction,
    /// The share of connections it works on, 0 to 1.
    pub toxicity: f64,
    /// When it works, counted from when it was added.
    pub window: Window,
    /// Its attributes.
    pub attributes: Attributes,
    impairment: Impairment,
}

impl Toxic {
    /// A toxic with these attributes, in this time; or what is wrong with them.
    pub fn new(
        name: String,
        stream: Direction,
        toxicity: f64,
        window: Window,
        attributes: Attributes,
    ) -> Result<Self, String> {
        let kind = attributes.kind();
        if window.is_empty() {
            return Err("until has to be later than from".to_owned());
        }
        let impairment = (kind.build)(&attributes)?;
        Ok(Self { name, kind, stream, toxicity, window, attributes, impairment })
    }

    /// The same with other attributes and toxicity.
    pub fn with(&self, change: &Change) -> Result<Self, String> {
        let mut attributes = self.attributes.clone();
        attributes.merge(&change.attributes);
        let toxicity = change.toxicity.unwrap_or(self.toxicity);
        Self::new(self.name.clone(), self.stream, toxicity, change.window(self.window), attributes)
    }

    /// The name of one that was given none.
    pub fn default_name(kind: &Kind, stream: Direction) -> String {
        format!("{}_{}", kind.name, stream.name())
    }

    /// What it does.
    pub fn rule(&self) -> Rule {
        Rule {
            impairment: self.impairment.clone(),
            direction: self.stream,
            probability: self.toxicity,
            window: self.window,
        }
    }

    /// As the control API shows it. What Toxiproxy does not know is shown only where it was set.
    pub fn json(&self) -> Value {
        let mut shown = Map::new();
        shown.insert("name".into(), json!(self.name));
        shown.insert("type".into(), json!(self.kind.name));
        shown.insert("stream".into(), json!(self.stream.name()));
        shown.insert("toxicity".into(), number(self.toxicity));
        shown.insert("attributes".into(), self.attributes.json());
        let millis = |time: Duration| json!(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        if !self.window.from.is_zero() {
            shown.insert("from".into(), millis(self.window.from));
        }
        if let Some(until) = self.window.until {
            shown.insert("until".into(), millis(until));
        }
        Value::Object(shown)
    }
}

/// A number as Go writes it: without a fraction where there is none.
fn number(real: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "only when it is small and whole")]
    if real.fract() == 0.0 && real.abs() < 1e15 { json!(real as i64) } else { json!(real) }
}
