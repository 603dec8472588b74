//! Proxies as they are read from a request or a file.

use super::toxic::{Toxic, toxics};
use super::{Unknown, host};
use crate::document::{Mistake, Mistakes, Node, Value};
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

/// How Toxiproxy begins what it says of a request that it cannot read.
pub(super) const BAD_BODY: &str = "bad request body: ";

/// Any free port of the loopback interface.
const ANY_PORT: &str = "127.0.0.1:0";

/// Reads one proxy.
pub(super) fn spec(node: &Node, unknown: Unknown) -> Result<Spec, Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let read = one(node, None, unknown, &mut mistakes);
    finish(read, mistakes)
}

/// Reads a list of proxies, each with a name of its own: the body of `/populate`, a configuration file.
pub(super) fn specs(node: &Node, unknown: Unknown) -> Result<Vec<Spec>, Vec<Mistake>> {
    let mut mistakes = Mistakes::default();
    let Some(nodes) = node.list() else {
        let wrong = format!("bad request body: expected a list of proxies, found {}", node.kind());
        return Err(vec![Mistake::new(node.at, wrong)]);
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
    let fields = Fields::read(node, Unknown::Ignored, &mut mistakes);
    let change = SpecChange {
        listen: fields.address("listen", fields.listen, &mut mistakes),
        upstream: fields.address("upstream", fields.upstream, &mut mistakes),
        enabled: fields.enabled(&mut mistakes),
    };
    mistakes.or(change)
}

fn finish<T>(read: Option<T>, mistakes: Mistakes) -> Result<T, Vec<Mistake>> {
    let nothing = || vec![Mistake::new(0, "bad request body: nothing there")];
    mistakes.or(read).and_then(|read| read.ok_or_else(nothing))
}

fn one(node: &Node, number: Option<usize>, unknown: Unknown, mistakes: &mut Mistakes) -> Option<Spec> {
    let fields = Fields::read(node, unknown, mistakes);
    node.entries()?;
    let missing = |key: &str| {
        let which = number.map(|number| format!(" at proxy {number}")).unwrap_or_default();
        format!("missing required field: {key}{which}")
    };
    let name = fields.text("name", fields.name, mistakes).filter(|name| !name.is_empty());
    if name.is_none() && !fields.has_wrong("name") {
        mistakes.add(node.at, missing("name"));
    }
    if let (Some(name), Some(at)) = (&name, fields.name)
        && name.contains('/')
    {
        let wrong = format!("bad request body: name: {name:?} has a slash, which a URL cannot hold");
        mistakes.add(at.at, wrong);
    }
    let upstream = fields.address("upstream", fields.upstream, mistakes);
    if upstream.is_none() && !fields.has_wrong("upstream") {
        mistakes.add(node.at, missing("upstream"));
    }
    let listen = fields.address("listen", fields.listen, mistakes);
    let enabled = fields.enabled(mistakes);
    let network = fields.network(mistakes);
    let toxics = match fields.toxics {
        Some(Node { value: Value::List(nodes), .. }) => toxics(nodes, network, unknown, mistakes),
        Some(other) => {
            let wrong = format!("bad request body: toxics: expected a list, found {}", other.kind());
            mistakes.add(other.at, wrong);
            Vec::new()
        }
        None => Vec::new(),
    };
    Some(Spec {
        name: name?,
        network,
        listen: listen.unwrap_or_else(|| ANY_PORT.to_owned()),
        upstream: upstream?,
        enabled: enabled.unwrap_or(true),
        toxics,
    })
}

/// What a proxy's table says.
#[derive(Default)]
struct Fields<'a> {
    name: Option<&'a Node>,
    network: Option<&'a Node>,
    listen: Option<&'a Node>,
    upstream: Option<&'a Node>,
    enabled: Option<&'a Node>,
    toxics: Option<&'a Node>,
}

impl<'a> Fields<'a> {
    fn read(node: &'a Node, unknown: Unknown, mistakes: &mut Mistakes) -> Self {
        const KEYS: &[&str] = &["name", "network", "listen", "upstream", "enabled", "toxics"];
        let mut fields = Self::default();
        let Some(entries) = node.entries() else {
            mistakes.add(node.at, format!("bad request body: expected a proxy, found {}", node.kind()));
            return fields;
        };
        for entry in entries.iter().filter(|entry| !entry.node.is_null()) {
            let field = match entry.key.to_ascii_lowercase().as_str() {
                "name" => &mut fields.name,
                "network" => &mut fields.network,
                "listen" => &mut fields.listen,
                "upstream" => &mut fields.upstream,
                "enabled" => &mut fields.enabled,
                "toxics" => &mut fields.toxics,
                _ => {
                    if let Some(wrong) = unknown.key("a proxy", &entry.key, KEYS) {
                        mistakes.add(entry.at, wrong);
                    }
                    continue;
                }
            };
            *field = Some(&entry.node);
        }
        fields
    }

    /// Whether the field is there, and was complained about or is empty.
    fn has_wrong(&self, key: &str) -> bool {
        let field = if key == "name" { self.name } else { self.upstream };
        field.is_some_and(|node| node.text() != Some(""))
    }

    #[expect(clippy::unused_self, reason = "reads as the other fields do")]
    fn text(&self, key: &str, field: Option<&Node>, mistakes: &mut Mistakes) -> Option<String> {
        let node = field?;
        if node.text().is_none() {
            let wrong = format!("bad request body: {key}: expected a text, found {}", node.kind());
            mistakes.add(node.at, wrong);
        }
        node.text().map(str::to_owned)
    }

    /// An address; an empty text is as good as none.
    fn address(&self, key: &str, field: Option<&Node>, mistakes: &mut Mistakes) -> Option<String> {
        let text = self.text(key, field, mistakes).filter(|text| !text.is_empty())?;
        if let (Err(wrong), Some(node)) = (host::check(&text), field) {
            mistakes.add(node.at, format!("bad request body: {key}: {wrong}"));
            return None;
        }
        Some(text)
    }

    fn enabled(&self, mistakes: &mut Mistakes) -> Option<bool> {
        let node = self.enabled?;
        if let Value::Bool(enabled) = node.value {
            return Some(enabled);
        }
        let wrong = format!("bad request body: enabled: expected true or false, found {}", node.kind());
        mistakes.add(node.at, wrong);
        None
    }

    fn network(&self, mistakes: &mut Mistakes) -> Protocol {
        match self.network.map(|node| (node, node.text())) {
            None | Some((_, Some("tcp" | ""))) => Protocol::Tcp,
            Some((_, Some("udp"))) => Protocol::Udp,
            Some((node, _)) => {
                mistakes.add(node.at, "bad request body: network: expected \"tcp\" or \"udp\"");
                Protocol::Tcp
            }
        }
    }
}
