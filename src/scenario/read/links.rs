//! The links of a scenario, and impairments in their short form.

use super::file::named;
use super::got::Got;
use crate::document::{Mistakes, Node};
use crate::failure::Protocol;
use crate::proxy::toxic::{Toxic, short};
use crate::scenario::model::{Impairing, Link, Program};
use crate::scenario::presets::Preset;

/// All of them, in the order of the file.
pub(super) fn links(got: Got, programs: &[Program], mistakes: &mut Mistakes) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let hosts = hosts(got);
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
        let (Some(from), Some(to)) = (host("from"), host("to")) else { continue };
        if from == to {
            let told = format!("to: {to} is the host that calls; programs on one host need no link");
            mistakes.add(table.at("to"), told);
        }
        if let Some(other) = links.iter().find(|other| other.from == from && other.to == to) {
            mistakes.add(at, format!("{} leads from {from} to {to} already", other.name));
        }
        let listens = doors(programs, &to);
        if listens.is_empty() && is_whole(got, programs, &to) {
            mistakes.add(table.at("to"), format!("to: no program on {to} listens"));
        }
        let mut impairments =
            table.text("preset").and_then(Preset::named).map(Preset::impairments).unwrap_or_default();
        for node in table.list("impairments") {
            let Some(impairing) = impairing("impairments", node, &listens, mistakes) else { continue };
            if impairments.iter().any(|other| other.name == impairing.name) {
                let told = format!(
                    "impairments: there is a {:?} already; give this one a name of its own: name=…",
                    impairing.name
                );
                mistakes.add(node.at, told);
            }
            impairments.push(impairing);
        }
        links.push(Link { name: name.to_owned(), from, to, impairments });
    }
    links
}

/// Every word that means a host, and the host.
fn hosts(got: Got) -> Vec<(String, String)> {
    let mut hosts: Vec<(String, String)> = Vec::new();
    for (name, _, table) in got.named("programs") {
        let host = table.text("host").unwrap_or(name);
        hosts.push((name.to_owned(), host.to_owned()));
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

/// An impairment in its short form, for a link to programs that listen on `listens`.
pub(super) fn impairing(
    key: &str,
    node: &Node,
    listens: &[Protocol],
    mistakes: &mut Mistakes,
) -> Option<Impairing> {
    let text = node.text()?;
    let (tcp, udp) = match (short(text, Protocol::Tcp), short(text, Protocol::Udp)) {
        (Err(tcp), Err(udp)) => {
            // One of the two may only say that it is of the other protocol.
            let told = if tcp.contains("does not work on") { udp } else { tcp };
            mistakes.add(node.at, format!("{key}: {text:?}: {told}"));
            return None;
        }
        (tcp, udp) => (tcp.ok(), udp.ok()),
    };
    let works = |on: &Option<Toxic>, protocol| on.is_some() && listens.contains(&protocol);
    if !works(&tcp, Protocol::Tcp) && !works(&udp, Protocol::Udp) && !listens.is_empty() {
        let only = if tcp.is_some() { Protocol::Tcp } else { Protocol::Udp };
        mistakes.add(node.at, format!("{key}: {text:?} works on {only}, which nothing there listens on"));
    }
    let name = tcp.as_ref().or(udp.as_ref())?.name.clone();
    Some(Impairing { text: text.to_owned(), name, tcp, udp })
}
