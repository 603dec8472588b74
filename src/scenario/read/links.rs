//! The links of a scenario, and impairments in their short form.

use super::file::named;
use super::got::Got;
use crate::document::{Mistakes, Node};
use crate::failure::Protocol;
use crate::fault::nearest;
use crate::proxy::toxic::{Kind, Toxic, short};
use crate::scenario::model::{Impairing, Link, Program};
use crate::scenario::presets::Preset;
use crate::vnet::Filter;
use ipnet::IpNet;

/// All of them, in the order of the file.
pub(super) fn links(got: Got, programs: &[Program], is_virtual: bool, mistakes: &mut Mistakes) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let hosts = hosts(got, is_virtual);
    for (name, at, table) in got.named("links") {
        if got.named("programs").any(|(program, _, _)| program == name) {
            mistakes.add(at, format!("{name} is a program already; a link needs another name"));
        }
        let mut host = |key| {
            let node = table.node(key)?;
            let names: Vec<String> = hosts.iter().map(|(name, _)| name.clone()).collect();
            let name = named(key, "host or program", node, &names, mistakes)?;
            hosts.iter().find(|(other, _)| *other == name).map(|(_, host)| host.clone())
        };
        let (from, to) = (host("from"), host("to"));
        let listens = to.as_deref().map(|to| doors(programs, to)).unwrap_or_default();
        let ways = Ways { listens, is_virtual };
        let impairments = impairments(table, &ways, mistakes);
        let addresses = match ["from_addresses", "to_addresses"].map(|key| addresses(table, key, mistakes)) {
            [Some(from), Some(to)] => [from, to],
            _ => Default::default(),
        };
        let (Some(from), Some(to)) = (from, to) else { continue };
        if from == to {
            let told = format!("to: {to} is the host that calls; programs on one host need no link");
            mistakes.add(table.at("to"), told);
        }
        if !is_virtual {
            if let Some(other) = links.iter().find(|other| other.from == from && other.to == to) {
                mistakes.add(at, format!("{} leads from {from} to {to} already", other.name));
            }
            if ways.listens.is_empty() && is_whole(got, programs, &to) {
                mistakes.add(table.at("to"), format!("to: no program on {to} listens"));
            }
        }
        links.push(Link {
            name: name.to_owned(),
            from,
            to,
            impairments,
            mtu: table.number("mtu"),
            addresses,
        });
    }
    links
}

fn impairments(table: Got, ways: &Ways, mistakes: &mut Mistakes) -> Vec<Impairing> {
    let mut all = table.text("preset").and_then(Preset::named).map(Preset::impairments).unwrap_or_default();
    for node in table.list("impairments") {
        let Some(impairing) = impairing("impairments", node, ways, mistakes) else { continue };
        if all.iter().any(|other| other.name == impairing.name) {
            let told = format!(
                "impairments: there is a {:?} already; give this one a name of its own: name=…",
                impairing.name
            );
            mistakes.add(node.at, told);
        }
        all.push(impairing);
    }
    all
}

/// The addresses of an end, each with the size of its network; `None` when one is wrong.
fn addresses(table: Got, key: &str, mistakes: &mut Mistakes) -> Option<Vec<IpNet>> {
    let nodes: Vec<&Node> = match table.node(key) {
        None => Vec::new(),
        Some(node) => node.list().map_or_else(|| vec![node], |nodes| nodes.iter().collect()),
    };
    let mut all: Vec<IpNet> = Vec::new();
    for node in &nodes {
        let Some(Ok(net)) = node.text().map(str::parse::<IpNet>) else {
            let told =
                format!("{key}: expected an address with its prefix, such as \"10.7.0.1/24\", found {node}");
            mistakes.add(node.at, told);
            continue;
        };
        match all.iter().find(|other| other.addr().is_ipv4() == net.addr().is_ipv4()) {
            None => all.push(net),
            Some(other) => mistakes.add(
                node.at,
                format!("{key}: {other} is of the same family as {node}; an end has one of each"),
            ),
        }
    }
    (all.len() == nodes.len()).then_some(all)
}

/// Every word that means a host, and the host.
fn hosts(got: Got, is_virtual: bool) -> Vec<(String, String)> {
    let mut hosts: Vec<(String, String)> = Vec::new();
    for (name, _, table) in got.named("programs") {
        let host = table.text("host").unwrap_or(name);
        hosts.push((name.to_owned(), host.to_owned()));
    }
    for (name, _, _) in got.named("hosts").filter(|_| is_virtual) {
        if hosts.iter().all(|(other, _)| other != name) {
            hosts.push((name.to_owned(), name.to_owned()));
        }
    }
    for host in hosts.clone().into_iter().map(|(_, host)| host) {
        if hosts.iter().all(|(name, _)| *name != host) {
            hosts.push((host.clone(), host));
        }
    }
    hosts
}

/// What the programs on a host listen on.
fn doors(programs: &[Program], host: &str) -> Vec<Protocol> {
    let there = programs.iter().filter(|program| program.host == host);
    there.flat_map(|program| program.listens.iter().copied()).collect()
}

/// Whether nothing is wrong with any program on a host.
fn is_whole(got: Got, programs: &[Program], host: &str) -> bool {
    let mut on_host =
        got.named("programs").filter(|(name, _, table)| table.text("host").unwrap_or(name) == host);
    on_host.all(|(name, _, _)| programs.iter().any(|program| program.name == name))
}

/// What an impairment may be done to on a link.
pub(super) struct Ways {
    /// What the programs listen on to which it leads.
    pub(super) listens: Vec<Protocol>,
    /// Whether it carries packets.
    pub(super) is_virtual: bool,
}

/// An impairment in its short form.
pub(super) fn impairing(key: &str, node: &Node, ways: &Ways, mistakes: &mut Mistakes) -> Option<Impairing> {
    let text = node.text()?;
    let read = if ways.is_virtual { on_packets(text) } else { on_sockets(text, &ways.listens) };
    read.map_err(|told| mistakes.add(node.at, format!("{key}: {told}"))).ok()
}

/// Of a virtual network: done to each packet.
fn on_packets(text: &str) -> Result<Impairing, String> {
    if Filter::is_meant(text) {
        let (name, filter) = Filter::short(text).map_err(|told| format!("{text:?}: {told}"))?;
        return Ok(Impairing { text: text.to_owned(), name, tcp: None, udp: None, filter: Some(filter) });
    }
    let toxic = short(text, Protocol::Udp).map_err(|told| {
        let kind = text.split(':').next().unwrap_or_default().trim();
        let near = nearest(kind, Filter::KINDS.map(|kind| (kind, kind)).into_iter());
        match (Kind::named(kind), near.first()) {
            (Ok(kind), _) if kind.fits(Protocol::Udp).is_err() => {
                let kind = kind.name;
                format!("{text:?}: {kind} is done to a connection, and a link of a virtual network carries packets")
            }
            (Ok(_), _) => format!("{text:?}: {told}"),
            (Err(_), Some(near)) => format!("{text:?}: {told}; did you mean {near}?"),
            (Err(_), None) => {
                format!("{text:?}: {told}; of a virtual network there are {} too", Filter::KINDS.join(" and "))
            }
        }
    })?;
    Ok(Impairing {
        text: text.to_owned(),
        name: toxic.name.clone(),
        tcp: None,
        udp: Some(toxic),
        filter: None,
    })
}

/// Of loopback, for a link to programs that listen on `listens`.
fn on_sockets(text: &str, listens: &[Protocol]) -> Result<Impairing, String> {
    if Filter::is_meant(text) {
        return Err(format!("{text:?}: only a virtual network filters packets: network = \"virtual\""));
    }
    let (tcp, udp) = match (short(text, Protocol::Tcp), short(text, Protocol::Udp)) {
        (Err(tcp), Err(udp)) => {
            // One of the two may only say that it is of the other protocol.
            let told = if tcp.contains("does not work on") { udp } else { tcp };
            return Err(format!("{text:?}: {told}"));
        }
        (tcp, udp) => (tcp.ok(), udp.ok()),
    };
    let works = |on: &Option<Toxic>, protocol| on.is_some() && listens.contains(&protocol);
    if !works(&tcp, Protocol::Tcp) && !works(&udp, Protocol::Udp) && !listens.is_empty() {
        let only = if tcp.is_some() { Protocol::Tcp } else { Protocol::Udp };
        return Err(format!("{text:?} works on {only}, which nothing there listens on"));
    }
    let name = tcp.as_ref().or(udp.as_ref()).map_or_else(String::new, |toxic| toxic.name.clone());
    Ok(Impairing { text: text.to_owned(), name, tcp, udp, filter: None })
}
