//! Reads a scenario: a text in, a [`Scenario`] or all that is wrong with it out. Touches nothing outside.
//!
//! | | |
//! |-|-|
//! | `template` | placeholders in a text |
//! | `parameters` `values` | what placeholders stand for |
//! | `settle` | the tree checked against the language, its placeholders replaced |
//! | `got` | a table that was checked |
//! | `file` `programs` `links` `steps` `expectations` `broken` | the parts of a scenario, every name in them looked up |
//! | `sayings` | names of expectations that were given none |

mod broken;
mod expectations;
mod file;
mod got;
mod links;
mod network;
mod output;
mod parameters;
mod programs;
mod sayings;
mod settle;
mod steps;
mod template;
mod values;

pub use parameters::{Kind, Parameter};
pub use template::is_name;

use super::language::{DECLARED, DRAWS, FILE, NETWORK, PARAMETERS, Shape, VERSION};
use super::model::Network;
use super::network::Net;
use super::{Scenario, draws};
use crate::document::{Entry, Mistake, Mistakes, Node, Value, toml};
use crate::fault::nearest;
use got::Got;
use serde::{Deserialize, Serialize};
use settle::Settler;
use std::collections::BTreeMap;
use std::path::Path;
use values::Known;

/// What `--set` and `--seed` say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Parameters and their values.
    pub set: BTreeMap<String, String>,
    /// A seed that beats that of the file.
    pub seed: Option<u64>,
}

/// Reads the text of a scenario file with these values of its parameters.
pub fn read(file: &Path, text: &str, given: &Given) -> Result<Scenario, Vec<Mistake>> {
    Reading::of(text)?.finish(file, given)
}

/// The same, when nobody means to run it: a parameter that has no default and was given no value gets one that fits.
pub fn look_at(file: &Path, text: &str, given: &Given) -> Result<Scenario, Vec<Mistake>> {
    let reading = Reading::of(text)?;
    let mut given = given.clone();
    for parameter in reading.parameters.iter().filter(|parameter| parameter.default.is_none()) {
        given.set.entry(parameter.name.clone()).or_insert_with(|| parameter.stand_in());
    }
    reading.finish(file, &given)
}

/// The network of a file: of a scenario on a virtual network, or of one that has nothing but hosts and links.
pub fn read_net(file: &Path, text: &str, given: &Given) -> Result<Net, Vec<Mistake>> {
    let mut reading = Reading::of(text)?;
    if let Some(programs) = child(&reading.root, "programs") {
        let at = programs.at;
        let Scenario { network, hosts, links, seed, .. } = look_at(file, text, given)?;
        if network == Network::Loopback {
            let told = "it is on loopback, and has no network of its own: network = \"virtual\"";
            return Err(vec![Mistake::new(at, told)]);
        }
        return Ok(Net { hosts, links, seed });
    }
    let known = Known::default();
    let root = Node { value: Value::Table(reading.undeclared()), at: 0 };
    let mut settler = Settler { source: text, known: Some(&known), mistakes: &mut reading.mistakes };
    let settled = settler.settle(NETWORK.what, &root, &Shape::Table(&NETWORK));
    let net = settled.map(|settled| file::net(Got(&settled), given.seed, &mut reading.mistakes));
    reading.mistakes.or_nothing(net)
}

/// The parameters that a scenario declares.
pub fn parameters(text: &str) -> Result<Vec<Parameter>, Vec<Mistake>> {
    let reading = Reading::of(text)?;
    reading.mistakes.or(reading.parameters)
}

/// A file whose parameters and draws are known, and not yet their values.
struct Reading<'a> {
    source: &'a str,
    root: Node,
    parameters: Vec<Parameter>,
    draws: Vec<(String, draws::Kind)>,
    mistakes: Mistakes,
}

impl<'a> Reading<'a> {
    fn of(source: &'a str) -> Result<Self, Vec<Mistake>> {
        let root = toml(source).map_err(|mistake| vec![mistake])?;
        if let Some(Node { value: Value::Whole(version), at }) = child(&root, "format_version")
            && *version > VERSION
        {
            let told = format!(
                "format_version {version} is newer than this program, which reads {VERSION}; install a newer netfault"
            );
            return Err(vec![Mistake::new(*at, told)]);
        }
        let mut mistakes = Mistakes::default();
        let (parameters, draws) = declared(source, &root, &mut mistakes);
        Ok(Self { source, root, parameters, draws, mistakes })
    }

    fn finish(mut self, file: &Path, given: &Given) -> Result<Scenario, Vec<Mistake>> {
        let has = |key| child(&self.root, key).is_some();
        if !has("programs")
            && !has("expect")
            && let Some(hosts) = child(&self.root, "hosts")
        {
            let told = "a network without programs, which `netfault net up` sets up; \
                        a scenario has title, text, programs and expect too";
            return Err(vec![Mistake::new(hosts.at, told)]);
        }
        let of_file = match child(&self.root, "seed").map(|node| &node.value) {
            Some(Value::Whole(seed)) => u64::try_from(*seed).ok(),
            _ => None,
        };
        let seed = given.seed.or(of_file).unwrap_or(1);
        let (known, set) = self.known(given, seed);
        let rest = Node { value: Value::Table(self.undeclared()), at: 0 };
        let mut settler = Settler { source: self.source, known: Some(&known), mistakes: &mut self.mistakes };
        let settled = settler.settle(FILE.what, &rest, &Shape::Table(&FILE));
        let scenario = settled.and_then(|settled| {
            file::scenario(file, Got(&settled), seed, set, &self.parameters, &mut self.mistakes)
        });
        let scenario = scenario.map(|scenario| Scenario {
            source: self.source.to_owned(),
            given: given.clone(),
            ..scenario
        });
        self.mistakes.or_nothing(scenario)
    }

    /// What placeholders stand for, and the parameters with their values.
    fn known(&mut self, given: &Given, seed: u64) -> (Known, BTreeMap<String, String>) {
        let (mut known, mut set) = (Known::default(), BTreeMap::new());
        for entry in child(&self.root, "programs").and_then(Node::entries).unwrap_or_default() {
            known.programs.insert(entry.key.clone(), child(&entry.node, "protocol").is_some());
        }
        let names = || self.parameters.iter().map(|parameter| parameter.name.as_str());
        for name in given.set.keys().filter(|name| names().all(|other| other != name.as_str())) {
            let hint = match nearest(name, names().map(|name| (name, name))).first() {
                Some(near) => format!("; did you mean {near}?"),
                None if self.parameters.is_empty() => "; this scenario has none".to_owned(),
                None => format!("; there are {}", names().collect::<Vec<_>>().join(", ")),
            };
            self.mistakes.add(0, format!("--set {name}: there is no such parameter{hint}"));
        }
        for (name, kind) in &self.draws {
            known.draw(name, *kind, seed);
        }
        for parameter in &self.parameters {
            let name = &parameter.name;
            let Some(value) = given.set.get(name).or(parameter.default.as_ref()) else {
                let needed = format!("--set {name}=VALUE is needed: the parameter has no default");
                self.mistakes.add(0, needed);
                // Whatever uses it is not wrong for that.
                let _ = known.set(parameter, &parameter.stand_in());
                continue;
            };
            set.insert(name.clone(), value.clone());
            if let Err(wrong) = known.set(parameter, value) {
                let is_given = given.set.contains_key(name);
                let (at, told) = if is_given { (0, format!("--set {wrong}")) } else { (parameter.at, wrong) };
                self.mistakes.add(at, told);
                let _ = known.set(parameter, &parameter.stand_in());
            }
        }
        (known, set)
    }

    /// What was not read in the beginning.
    fn undeclared(&self) -> Vec<Entry> {
        let entries = self.root.entries().unwrap_or_default().iter();
        entries.filter(|entry| !DECLARED.contains(&entry.key.as_str())).cloned().collect()
    }
}

/// The parameters and the draws: their texts are taken as they are.
fn declared(
    source: &str,
    root: &Node,
    mistakes: &mut Mistakes,
) -> (Vec<Parameter>, Vec<(String, draws::Kind)>) {
    let mut settler = Settler { source, known: None, mistakes };
    let [parameters, draws] = [(DECLARED[0], PARAMETERS), (DECLARED[1], DRAWS)].map(|(key, shape)| {
        let entries = root.entries().unwrap_or_default().iter().filter(|entry| entry.key == key);
        let entries = entries.filter_map(|entry| {
            let node = settler.settle(key, &entry.node, &shape)?;
            Some(Entry { key: key.to_owned(), at: entry.at, node })
        });
        Node { value: Value::Table(entries.collect()), at: 0 }
    });
    let parameters: Vec<Parameter> = Got(&parameters)
        .named(DECLARED[0])
        .filter_map(|(name, at, got)| Parameter::read(name, at, got, mistakes))
        .collect();
    let mut kinds = Vec::new();
    for (name, at, got) in Got(&draws).named(DECLARED[1]) {
        if parameters.iter().any(|parameter| parameter.name == name) {
            mistakes.add(at, format!("{name} is a parameter already; a draw needs another name"));
        }
        let kind = draws::Kind::ALL.iter().find(|kind| Some(kind.name()) == got.text("kind"));
        kinds.extend(kind.map(|kind| (name.to_owned(), *kind)));
    }
    (parameters, kinds)
}

/// The value of a key of a table that nobody has checked.
fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
}
