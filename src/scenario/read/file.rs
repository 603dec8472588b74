//! The scenario itself, put together from its parts.

use super::got::Got;
use super::parameters::Parameter;
use super::{broken, expectations, links, network, programs, steps};
use crate::document::{Mistakes, Node};
use crate::fault::{Named, nearest};
use crate::scenario::Given;
use crate::scenario::model::{Link, Network, Program, Scenario, Step};
use crate::scenario::network::Net;
use regex::Regex;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// How long a scenario may take that says nothing.
const LIMIT: Duration = Duration::from_secs(30);

/// The scenario of a file that was checked, with the values of its parameters.
pub(super) fn scenario(
    file: &Path,
    got: Got,
    seed: u64,
    set: BTreeMap<String, String>,
    parameters: &[Parameter],
    mistakes: &mut Mistakes,
) -> Option<Scenario> {
    let limit = got.time("limit").unwrap_or(LIMIT);
    if limit.is_zero() {
        mistakes.add(got.at("limit"), "limit: expected a duration longer than 0s");
    }
    let programs = programs::programs(got, seed, limit, mistakes);
    let is_virtual = network::is_virtual(got);
    let links = links::links(got, &programs, is_virtual, mistakes);
    let hosts = if is_virtual { network::hosts(got, mistakes) } else { Vec::new() };
    if is_virtual {
        network::check(got, &hosts, &links, mistakes);
        network::alone(got, &hosts, &links, mistakes);
    } else {
        network::refuse_virtual_keys(got, mistakes);
    }
    let mut cast = Cast::of(got, programs, links);
    cast.steps = steps::steps(got, &cast, limit, mistakes);
    programs::unstarted(got, &cast, mistakes);
    let expectations = expectations::expectations(got, &cast, mistakes);
    let broken = broken::broken(got, &expectations, parameters, mistakes);
    let teaches = got.list("teaches").iter().filter_map(|node| fault(node, mistakes)).collect();
    Some(Scenario {
        file: file.to_owned(),
        source: String::new(),
        given: Given::default(),
        name: file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
        title: got.words("title")?,
        text: got.words("text")?,
        teaches,
        limit,
        takes: got.time("takes"),
        seed,
        network: if is_virtual { Network::Virtual } else { Network::Loopback },
        parameters: set,
        hosts,
        links: cast.links,
        programs: cast.programs,
        steps: cast.steps,
        expectations,
        broken,
    })
}

/// The network of a file that was checked and has nothing else.
pub(super) fn net(got: Got, seed: Option<u64>, mistakes: &mut Mistakes) -> Net {
    let hosts = network::hosts(got, mistakes);
    let links = links::links(got, &[], true, mistakes);
    network::check(got, &hosts, &links, mistakes);
    Net { hosts, links, seed: seed.or_else(|| got.count("seed")).unwrap_or(1) }
}

/// Everything that has a name, for whoever refers to it.
pub(super) struct Cast {
    pub(super) programs: Vec<Program>,
    pub(super) links: Vec<Link>,
    pub(super) steps: Vec<Step>,
    /// Whether it is on a virtual network.
    pub(super) is_virtual: bool,
    host_names: Vec<String>,
    /// Also of programs that something is wrong with: who names them is right.
    program_names: Vec<String>,
    link_names: Vec<String>,
}

impl Cast {
    fn of(got: Got, programs: Vec<Program>, links: Vec<Link>) -> Self {
        let names = |key| got.named(key).map(|(name, _, _)| name.to_owned()).collect();
        let (program_names, link_names) = (names("programs"), names("links"));
        let is_virtual = network::is_virtual(got);
        let mut host_names: Vec<String> = names("hosts");
        host_names.extend(programs.iter().map(|program| program.host.clone()));
        Self { programs, links, steps: Vec::new(), is_virtual, host_names, program_names, link_names }
    }

    /// The program that a text names.
    pub(super) fn program(&self, key: &str, node: &Node, mistakes: &mut Mistakes) -> Option<String> {
        named(key, "program", node, &self.program_names, mistakes)
    }

    /// The host that a text names.
    pub(super) fn host(&self, key: &str, node: &Node, mistakes: &mut Mistakes) -> Option<String> {
        named(key, "host", node, &self.host_names, mistakes)
    }

    /// The link that a text names.
    pub(super) fn link(&self, key: &str, node: &Node, mistakes: &mut Mistakes) -> Option<String> {
        named(key, "link", node, &self.link_names, mistakes)
    }

    /// The program or the link that a text names, and whether it is a link.
    pub(super) fn either(&self, key: &str, node: &Node, mistakes: &mut Mistakes) -> Option<(String, bool)> {
        let is_link = node.text().is_some_and(|name| self.link_names.iter().any(|other| other == name));
        let all: Vec<String> = self.program_names.iter().chain(&self.link_names).cloned().collect();
        Some((named(key, "program or link", node, &all, mistakes)?, is_link))
    }

    /// The program of this name, unless something is wrong with it.
    pub(super) fn whole(&self, name: &str) -> Option<&Program> {
        self.programs.iter().find(|program| program.name == name)
    }
}

/// The one of `names` that a text names.
pub(super) fn named(
    key: &str,
    what: &str,
    node: &Node,
    names: &[String],
    mistakes: &mut Mistakes,
) -> Option<String> {
    let wanted = node.text()?;
    if names.iter().any(|name| name == wanted) {
        return Some(wanted.to_owned());
    }
    let hint = match nearest(wanted, names.iter().map(|name| (name.as_str(), name.as_str()))).first() {
        Some(near) => format!("did you mean {near}?"),
        None if names.is_empty() => "there is none".to_owned(),
        None => format!("there are {}", names.join(", ")),
    };
    mistakes.add(node.at, format!("{key}: there is no {what} {wanted:?}; {hint}"));
    None
}

/// The fault or family that a text names.
pub(super) fn fault(node: &Node, mistakes: &mut Mistakes) -> Option<Named> {
    let named = node.text()?.parse::<Named>();
    named.map_err(|unknown| mistakes.add(node.at, unknown.to_string())).ok()
}

/// The regular expression that a text is.
pub(super) fn regex(key: &str, node: &Node, mistakes: &mut Mistakes) -> Option<Regex> {
    let wrong = |error: regex::Error| {
        let told = error.to_string();
        let last = told.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        mistakes.add(node.at, format!("{key}: {node} is no regular expression: {last}"));
    };
    regex::RegexBuilder::new(node.text()?).multi_line(true).build().map_err(wrong).ok()
}
