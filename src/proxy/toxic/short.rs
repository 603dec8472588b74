//! The short form of a toxic: `latency:latency=100,jitter=20`.

use super::{Kind, Toxic, toxics};
use crate::document::{Entry, Mistakes, Node, Unknown, Value, unknown_key};
use crate::failure::Protocol;

/// Keys of the toxic itself; all others are attributes.
const OWN: &[&str] = &["name", "stream", "toxicity", "from", "until"];

/// Reads `TYPE` or `TYPE:KEY=VALUE,…`, where KEY is an attribute of the type, or `stream`, `toxicity`, `name`, `from`
/// or `until`.
pub fn short(given: &str, network: Protocol) -> Result<Toxic, String> {
    let (kind, rest) = given.split_once(':').unwrap_or((given, ""));
    let text = |text: &str| Node { value: Value::Text(text.to_owned()), at: 0 };
    let mut own = vec![entry("type", text(kind.trim()))];
    let mut attributes = Vec::new();
    let known = Kind::named(kind.trim()).ok();
    for pair in rest.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) =
            pair.split_once('=').ok_or_else(|| format!("{pair:?} has no value; expected {SHAPE}"))?;
        let (key, value) = (key.trim(), value.trim());
        let value = if key == "name" { text(value) } else { Node { value: scalar(value), at: 0 } };
        if own.iter().chain(&attributes).any(|entry: &Entry| entry.key == key) {
            return Err(format!("{key} is there twice"));
        }
        if let Some(kind) =
            known.filter(|kind| !OWN.contains(&key) && kind.attributes.iter().all(|one| one.name != key))
        {
            let known: Vec<&str> =
                kind.attributes.iter().map(|one| one.name).chain(OWN.iter().copied()).collect();
            return Err(unknown_key(kind.name, key, &known));
        }
        if OWN.contains(&key) { &mut own } else { &mut attributes }.push(entry(key, value));
    }
    own.push(entry("attributes", Node { value: Value::Table(attributes), at: 0 }));
    let node = Node { value: Value::Table(own), at: 0 };
    let mut mistakes = Mistakes::default();
    let read = toxics(&[node], network, Unknown::Refused, &mut mistakes);
    let read = mistakes.or(read).map_err(|wrong| {
        let all: Vec<&str> = wrong.iter().map(|mistake| mistake.what.as_str()).collect();
        all.join("; ")
    })?;
    read.into_iter().next().ok_or_else(|| format!("expected {SHAPE}"))
}

const SHAPE: &str = "TYPE:KEY=VALUE,… such as latency:latency=100,jitter=20";

fn entry(key: &str, node: Node) -> Entry {
    Entry { key: key.to_owned(), at: 0, node }
}

fn scalar(text: &str) -> Value {
    match (text.parse(), text.parse()) {
        (Ok(whole), _) => Value::Whole(whole),
        (_, Ok(real)) => Value::Real(real),
        _ => Value::Text(text.to_owned()),
    }
}
