//! The virtual network of a file: its hosts, and whether it can be one.

use super::got::Got;
use crate::document::Mistakes;
use crate::scenario::model::{Host, Link};
use crate::scenario::network::topology;
use crate::vnet::Place;

/// Whether the file asks for a virtual network.
pub(super) fn is_virtual(got: Got) -> bool {
    got.text("network") == Some("virtual")
}

/// The hosts: those that the file has, and then those that programs are on.
pub(super) fn hosts(got: Got, mistakes: &mut Mistakes) -> Vec<Host> {
    let mut hosts: Vec<Host> = Vec::new();
    for (name, _, table) in got.named("hosts") {
        let resolver = table.node("resolver").and_then(|node| {
            let told = || format!("resolver: expected an IP address, found {node}");
            node.text()?.parse().map_err(|_| mistakes.add(node.at, told())).ok()
        });
        hosts.push(Host {
            name: name.to_owned(),
            aliases: table.texts("aliases"),
            routes: table.truth("routes").unwrap_or(false),
            resolver,
        });
    }
    for (name, _, table) in got.named("programs") {
        let name = table.text("host").unwrap_or(name);
        if hosts.iter().all(|host| host.name != name) {
            hosts.push(Host { name: name.to_owned(), ..Host::default() });
        }
    }
    hosts
}

/// Tells why hosts and links are no network, where the mistake stands.
pub(super) fn check(got: Got, hosts: &[Host], links: &[Link], mistakes: &mut Mistakes) {
    let Err(flaw) = topology(hosts, links).check() else { return };
    let of = |key: &'static str, name: &str| {
        got.named(key).find(|(other, ..)| *other == name).map(|(_, at, _)| at)
    };
    let (at, what) = match flaw.place {
        Place::Whole => (None, flaw.what),
        Place::Host(host) => {
            let name = &hosts[host].name;
            let on_it = || {
                let mut programs = got.named("programs");
                programs.find(|(other, _, table)| table.text("host").unwrap_or(other) == *name)
            };
            (
                of("hosts", name).or_else(|| on_it().map(|(_, at, _)| at)),
                format!("host {name}: {}", flaw.what),
            )
        }
        Place::Link(link) => {
            (of("links", &links[link].name), format!("link {}: {}", links[link].name, flaw.what))
        }
        Place::Addresses(link) => {
            let name = &links[link].name;
            let table = got.named("links").find(|(other, ..)| other == name).map(|(_, _, table)| table);
            let given =
                ["to_addresses", "from_addresses"].into_iter().find_map(|key| Some((key, table?.node(key)?)));
            match given {
                Some((key, node)) => (Some(node.at), format!("link {name}: {key}: {}", flaw.what)),
                None => (of("links", name), format!("link {name}: {}", flaw.what)),
            }
        }
    };
    mistakes.add(at.unwrap_or_else(|| got.at("hosts")), what);
}

/// Tells of programs on hosts that no link leads to: nobody reaches them.
pub(super) fn alone(got: Got, hosts: &[Host], links: &[Link], mistakes: &mut Mistakes) {
    // A link of which something is wrong may have been the one.
    let all_are_whole = got.named("links").count() == links.len();
    for (name, at, table) in got.named("programs").filter(|_| hosts.len() > 1 && all_are_whole) {
        let host = table.text("host").unwrap_or(name);
        if links.iter().all(|link| link.from != host && link.to != host) {
            mistakes.add(
                at,
                format!("no link leads to the host {host}: a [links.NAME] has to join it to another"),
            );
        }
    }
}

/// Tells of what only a virtual network has.
pub(super) fn refuse_virtual_keys(got: Got, mistakes: &mut Mistakes) {
    let mut only_virtual = |at, key: &str| {
        mistakes.add(at, format!("{key}: only a virtual network has it: network = \"virtual\""));
    };
    if let Some(hosts) = got.node("hosts") {
        only_virtual(hosts.at, "hosts");
    }
    for (_, _, table) in got.named("links") {
        for key in ["mtu", "from_addresses", "to_addresses"] {
            if let Some(node) = table.node(key) {
                only_virtual(node.at, key);
            }
        }
    }
    for table in got.list("step").iter().map(Got) {
        for key in ["down", "up"] {
            if let Some(node) = table.node(key) {
                only_virtual(node.at, key);
            }
        }
    }
}
