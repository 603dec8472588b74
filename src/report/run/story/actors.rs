//! Who takes part in a run, and who owns which address: learned from calls, for addresses are all that a call tells of
//! its peer.

use super::Column;
use crate::failure::{Call, Op};
use crate::knowledge;
use crate::lang::Lang;
use crate::trace::{Event, Run, What};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// Addresses of strangers that get a column each; more make no picture.
const STRANGERS: usize = 3;

/// What one who takes part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::run) enum Kind {
    /// A program that writes a trace.
    Traced,
    /// A program of which only the start, the output and the end are seen.
    Untraced,
    /// The fault proxy.
    Link,
    /// A host of a virtual network on which no program of this name is.
    Host,
    /// An address of which nobody is known.
    Stranger,
}

/// Who takes part, and where each is to be found.
pub(super) struct Actors {
    pub(super) columns: Vec<Column>,
    owners: BTreeMap<SocketAddr, String>,
    /// Of each column whether its command line says whom it calls.
    callers: Vec<bool>,
    /// Those who read from an address, with the last time at which they did.
    readers: BTreeMap<(String, SocketAddr), usize>,
}

impl Actors {
    pub(super) fn of(run: &Run, lang: Lang) -> Self {
        let owners = owners(&run.events);
        let names = names(run);
        let mut ranked: Vec<(u8, Column)> = names
            .into_iter()
            .map(|name| {
                let kind = kind(&name, &run.events);
                (rank(&name, kind, &run.events, &owners), Column { name, kind })
            })
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let mut columns: Vec<Column> = ranked.into_iter().map(|(_, column)| column).collect();
        if columns.iter().all(|column| column.kind == Kind::Link) {
            // A trace of a proxy alone: whoever comes to it stands together.
            let name = knowledge::terms(lang).clients.to_owned();
            columns.insert(0, Column { name, kind: Kind::Untraced });
        }
        columns.extend(strangers(&run.events, &owners, &columns));
        let is_caller = |column: &Column| calls_by_command(&column.name, &run.events, &owners);
        let callers = columns.iter().map(is_caller).collect();
        Self { columns, owners, callers, readers: readers(&run.events) }
    }

    /// The column of an actor.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The column of whoever owns an address.
    pub(super) fn owner(&self, address: SocketAddr) -> Option<usize> {
        let exact = self.owners.get(&address);
        let wildcard = || {
            let same = |known: &&SocketAddr| known.port() == address.port() && known.ip().is_unspecified();
            self.owners.keys().find(same).and_then(|known| self.owners.get(known))
        };
        exact
            .or_else(wildcard)
            .and_then(|name| self.column(name))
            .or_else(|| self.column(&address.to_string()))
    }

    /// The one that must own an address of which nobody is known, seen from `from`: the only link, or the only program
    /// that writes no trace. To a link come those who call; where a link listens is known, so that who `calls` an address
    /// of which nobody is known calls no link.
    pub(super) fn only_candidate(&self, from: usize, calls: bool) -> Option<usize> {
        let only = |wanted: &dyn Fn(usize) -> bool| {
            let mut found = (0..self.columns.len()).filter(|at| *at != from && wanted(*at));
            found.next().filter(|_| found.next().is_none())
        };
        let is = |at: usize, kind| self.columns[at].kind == kind;
        let untraced = |at: usize| is(at, Kind::Untraced);
        if is(from, Kind::Link) {
            only(&|at| untraced(at) && self.callers[at]).or_else(|| only(&untraced))
        } else {
            let link = || only(&|at| is(at, Kind::Link)).filter(|_| !calls);
            link().or_else(|| only(&untraced))
        }
    }

    /// Whether the one in column `at` read something from `peer` after event `seq`.
    pub(super) fn read_from(&self, at: usize, peer: Option<SocketAddr>, seq: usize) -> bool {
        let Some(peer) = peer else { return false };
        let key = (self.columns[at].name.clone(), peer);
        self.readers.get(&key).is_some_and(|last| *last > seq)
    }
}

/// Programs and links in the order of the file, then whoever else did something. Who only announces takes no part.
fn names(run: &Run) -> Vec<String> {
    let told = run.header.scenario.iter().flat_map(|told| told.actors.iter().cloned());
    let acts = |event: &&Event| !matches!(event.what, What::Step { .. } | What::Note { .. });
    let acting = run.events.iter().filter(acts).map(|event| event.actor.clone());
    let seen: BTreeSet<&str> = run.events.iter().map(|event| event.actor.as_str()).collect();
    let mut names: Vec<String> = Vec::new();
    // What a virtual link does is drawn between the hosts at its ends.
    let is_packets = |name: &str| {
        let mut own = run.events.iter().filter(|event| event.actor == name).peekable();
        own.peek().is_some() && own.all(|event| matches!(event.what, What::Packet(_)))
    };
    let hosts = run.events.iter().filter_map(|event| match &event.what {
        What::Packet(packet) => Some([packet.from.clone(), packet.to.clone()]),
        _ => None,
    });
    let acting = told.chain(acting).filter(|name| !is_packets(name));
    for name in acting.chain(hosts.flatten()) {
        let link = format!("link {name}");
        let name = if seen.contains(link.as_str()) { link } else { name };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn call_of(event: &Event) -> Option<&Call> {
    match &event.what {
        What::Started(call) | What::Finished { call, .. } => Some(call),
        What::Failed(failure) => Some(&failure.call),
        _ => None,
    }
}

fn kind(name: &str, events: &[Event]) -> Kind {
    if !events.iter().any(|event| event.actor == name) {
        return Kind::Host;
    }
    if name.starts_with("link ") || name.starts_with("proxy ") {
        return Kind::Link;
    }
    let mut own = events.iter().filter(|event| event.actor == name);
    if own.clone().any(|event| matches!(event.what, What::Injected(_))) {
        Kind::Link
    } else if own.any(|event| call_of(event).is_some()) {
        Kind::Traced
    } else {
        Kind::Untraced
    }
}

/// Those who ask stand left, those who are asked right.
fn rank(name: &str, kind: Kind, events: &[Event], owners: &BTreeMap<SocketAddr, String>) -> u8 {
    let own = || events.iter().filter(move |event| event.actor == name);
    let asks = || {
        let first = own()
            .filter_map(call_of)
            .find(|call| matches!(call.op, Op::Connect | Op::Send | Op::Receive | Op::Listen | Op::Accept));
        first.is_some_and(|call| matches!(call.op, Op::Connect | Op::Send))
    };
    match kind {
        Kind::Link | Kind::Host => 1,
        Kind::Traced if asks() => 0,
        Kind::Traced => 2,
        _ if calls_by_command(name, events, owners) => 0,
        _ => 2,
    }
}

/// Whether the command line of a program names the address of another: whoever is told where to call, calls.
fn calls_by_command(name: &str, events: &[Event], owners: &BTreeMap<SocketAddr, String>) -> bool {
    let commands = events.iter().filter(|event| event.actor == name).filter_map(|event| match &event.what {
        What::Launched { command, .. } => Some(command),
        _ => None,
    });
    let others: Vec<&SocketAddr> =
        owners.iter().filter(|(_, owner)| *owner != name).map(|(address, _)| address).collect();
    commands.flatten().any(|word| {
        others.iter().any(|address| *word == address.to_string() || *word == address.port().to_string())
    })
}

/// Every address that a call shows to be the caller's own.
fn owners(events: &[Event]) -> BTreeMap<SocketAddr, String> {
    let own = events.iter().filter_map(|event| {
        let call = event.what.finished().or_else(|| event.what.failure().map(|failure| &failure.call))?;
        let unset = event.what.failure().is_some() && matches!(call.op, Op::Bind | Op::Connect);
        let local = call.local.filter(|local| local.port() != 0 && !unset)?;
        Some((local, event.actor.clone()))
    });
    own.collect()
}

/// Addresses that are called and are nobody's, unless a program without a trace must be meant. Who answers a caller
/// calls nobody.
fn strangers(events: &[Event], owners: &BTreeMap<SocketAddr, String>, known: &[Column]) -> Vec<Column> {
    if known.iter().any(|column| column.kind == Kind::Untraced) {
        return Vec::new();
    }
    let is_owned = |address: &SocketAddr| {
        owners.keys().any(|own| own == address || (own.port() == address.port() && own.ip().is_unspecified()))
    };
    let (mut came, mut found) = (BTreeSet::new(), Vec::new());
    for event in events {
        let Some((call, peer)) = call_of(event).and_then(|call| Some((call, call.peer?))) else { continue };
        if found.len() == STRANGERS {
            break;
        }
        let has_come = came.contains(&(&event.actor, peer));
        match call.op {
            Op::Accept | Op::Receive => {
                came.insert((&event.actor, peer));
            }
            Op::Connect | Op::Send if !has_come && !is_owned(&peer) && !found.contains(&peer) => {
                found.push(peer);
            }
            _ => {}
        }
    }
    let of_address = |address: SocketAddr| Column { name: address.to_string(), kind: Kind::Stranger };
    found.into_iter().map(of_address).collect()
}

fn readers(events: &[Event]) -> BTreeMap<(String, SocketAddr), usize> {
    let mut readers = BTreeMap::new();
    for event in events {
        if let What::Finished { call: Call { op: Op::Receive, peer: Some(peer), .. }, .. } = &event.what {
            readers.insert((event.actor.clone(), *peer), event.seq);
        }
    }
    readers
}
