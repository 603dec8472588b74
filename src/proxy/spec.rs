//! Proxies as they are read from a request or a file.

use super::host;
use super::toxic::{Toxic, slash, toxics};
use crate::document::{Fields, Mistake, Mistakes, Node, Unknown, Value};
use crate::failure::Protocol;

/// A proxy that is wanted.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Its name, unique in its relay.
    pub name: String,
    /// TCP or UDP.
    pub network: Protocol,
    /// The address that it is to listen on.
    pub listen: String,
    /// The address that it leads to.
    pub upstream: String,
    /// Whether it works from the beginning.
    pub enabled: bool,
    /// Its toxics.
    pub toxics: Vec<Toxic>,
}

/// What may be changed on a proxy.
#[derive(Clone, Debug, Default)]
pub struct SpecChange {
    /// Another address to listen on.
    pub listen: Option<String>,
    /// Another address that it leads to.
    pub upstream: Option<String>,
    /// Whether it works.
    pub enabled: Option<bool>,
}

/// Any free port of the loopback interface.
const ANY_PORT: &str = "127.0.0.1:0";

const KEYS: &[&str] = &["name", "network", "listen", "upstream", "enabled", "toxics"];

/// Reads one proxy.
pub(super) fn spec(node: &Node, unknown: Unknown) -> Result<Spec, Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let read = one(node, None, unknown, &mut mistakes);
    mistakes.or_nothing(read)
}

/// Reads a list of proxies, each with a name of its own: the body of `/populate`, a configuration file.
pub(super) fn specs(node: &Node, unknown: Unknown) -> Result<Vec<Spec>, Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let Some(nodes) = node.list() else {
        return Err(vec![Mistake::new(
            node.at,
            format!("expected a list of proxies, found {}", node.kind()),
        )]);
    };
    let mut read: Vec<Spec> = Vec::new();
    for (position, node) in nodes.iter().enumerate() {
        let Some(spec) = one(node, Some(position + 1), unknown, &mut mistakes) else { continue };
        if read.iter().any(|other| other.name == spec.name) {
            mistakes.add(node.at, format!("proxy already exists: {:?} is there twice", spec.name));
        }
        read.push(spec);
    }
    mistakes.or(read)
}

/// Reads what is to be changed on a proxy.
pub(super) fn change(node: &Node) -> Result<SpecChange, Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let fields = Fields::read(node, "a proxy", KEYS, Unknown::Ignored, &mut mistakes);
    let change = fields.map(|fields| SpecChange {
        listen: address(&fields, "listen", &mut mistakes),
        upstream: address(&fields, "upstream", &mut mistakes),
        enabled: enabled(&fields, &mut mistakes),
    });
    mistakes.or_nothing(change)
}

fn one(node: &Node, number: Option<usize>, unknown: Unknown, mistakes: &mut Mistakes) -> Option<Spec> {
    let fields = Fields::read(node, "a proxy", KEYS, unknown, mistakes)?;
    for key in ["name", "upstream"] {
        if fields.get(key).is_none_or(|node| node.text() == Some("")) {
            let which = number.map(|number| format!(" at proxy {number}")).unwrap_or_default();
            mistakes.add(node.at, format!("missing required field: {key}{which}"));
        }
    }
    let name = fields.text("name", mistakes).filter(|name| !name.is_empty());
    if let (Some(name), Some(node)) = (name, fields.get("name"))
        && name.contains('/')
    {
        mistakes.add(node.at, slash(name));
    }
    let upstream = address(&fields, "upstream", mistakes);
    let listen = address(&fields, "listen", mistakes);
    let enabled = enabled(&fields, mistakes);
    let network = network(&fields, mistakes);
    let toxics = match fields.get("toxics") {
        Some(Node { value: Value::List(nodes), .. }) => toxics(nodes, network, unknown, mistakes),
        Some(other) => {
            mistakes.add(other.at, format!("toxics: expected a list, found {other}"));
            Vec::new()
        }
        None => Vec::new(),
    };
    Some(Spec {
        name: name?.to_owned(),
        network,
        listen: listen.unwrap_or_else(|| ANY_PORT.to_owned()),
        upstream: upstream?,
        enabled: enabled.unwrap_or(true),
        toxics,
    })
}

/// An address; an empty text is as good as none.
fn address(fields: &Fields, key: &str, mistakes: &mut Mistakes) -> Option<String> {
    let text = fields.text(key, mistakes).filter(|text| !text.is_empty())?;
    if let (Err(wrong), Some(node)) = (host::check(text), fields.get(key)) {
        mistakes.add(node.at, format!("{key}: {wrong}"));
        return None;
    }
    Some(text.to_owned())
}

fn enabled(fields: &Fields, mistakes: &mut Mistakes) -> Option<bool> {
    let node = fields.get("enabled")?;
    if let Value::Bool(enabled) = node.value {
        return Some(enabled);
    }
    mistakes.add(node.at, format!("enabled: expected true or false, found {node}"));
    None
}

fn network(fields: &Fields, mistakes: &mut Mistakes) -> Protocol {
    match fields.get("network").map(|node| (node, node.text())) {
        None | Some((_, Some("tcp" | ""))) => Protocol::Tcp,
        Some((_, Some("udp"))) => Protocol::Udp,
        Some((node, _)) => {
            mistakes.add(node.at, format!("network: expected \"tcp\" or \"udp\", found {node}"));
            Protocol::Tcp
        }
    }
}
