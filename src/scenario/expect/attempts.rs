//! `attempts` and `spacing`: how often a client tried, and how long it waited in between.
//!
//! A client that records its calls tries once for each `connect` of a stream, and for each datagram that it sends. Where
//! a name has several addresses, the next address is part of the same attempt: an attempt is what follows a pause. Of
//! any other program an attempt is a connection that came to a link from its host.

use super::found::{Found, counted, duration, missed, untold, wide};
use super::link;
use super::seen::Seen;
use crate::failure::{Call, Op, Protocol};
use crate::scenario::model::{Action, Bounds, Spacing};
use crate::trace::{Event, What};
use std::net::SocketAddr;
use std::time::Duration;

/// How often it tried.
pub(super) fn count(bounds: &Bounds, program: &str, seen: Seen<'_>) -> Found {
    let want = bounds.to_string();
    let Tries { all, is_all } = match tries(program, seen) {
        Ok(tries) => tries,
        Err(why) => return untold(want, why),
    };
    let attempts: Vec<&Attempt> = all.iter().flatten().collect();
    let number = wide(attempts.len());
    let because = attempts.iter().map(|attempt| attempt.seq);
    let got = counted(attempts.len(), "attempt");
    // More may have come than were seen.
    let is_open = !is_all && bounds.at_most.is_none_or(|most| number <= most);
    if is_open && !(bounds.at_most.is_none() && number >= bounds.at_least) {
        return untold(want, format!("{got} at least; {UNSEEN}")).because(because);
    }
    Found::new(want, got, bounds.contains(number)).because(because)
}

/// How long it waited between the end of an attempt and the start of the next.
pub(super) fn spacing(wanted: &Spacing, program: &str, seen: Seen<'_>) -> Found {
    let want = want(wanted);
    let Tries { all, is_all } = match tries(program, seen) {
        Ok(tries) => tries,
        Err(why) => return untold(want, why),
    };
    if !is_all {
        return untold(want, UNSEEN);
    }
    let pauses: Vec<Vec<Duration>> = all.iter().map(|attempts| pauses(attempts)).collect();
    let attempts: usize = all.iter().map(Vec::len).sum();
    let because = || all.iter().flatten().map(|attempt| attempt.seq);
    let longest = pauses.iter().map(Vec::len).max().unwrap_or(0);
    if longest < if wanted.grows { 2 } else { 1 } {
        let needed = if wanted.grows { "two pauses show whether they grow" } else { "no pause" };
        return missed(want, format!("{}: {needed}", counted(attempts, "attempt"))).because(because());
    }
    let holds = |pauses: &Vec<Duration>| {
        pauses.iter().all(|pause| {
            wanted.at_least.is_none_or(|least| *pause >= least)
                && wanted.at_most.is_none_or(|most| *pause <= most)
        }) && (!wanted.grows || pauses.len() < 2 || grow(pauses))
    };
    Found::new(want, told(&pauses), pauses.iter().all(holds)).because(because())
}

/// Why a count may be too small.
const UNSEEN: &str = "connections that were refused did not come to the link, and nobody else counts them";

/// The attempts of each actor, in order.
struct Tries {
    all: Vec<Vec<Attempt>>,
    /// Whether none can have been missed.
    is_all: bool,
}

struct Attempt {
    seq: usize,
    began: Duration,
    ended: Duration,
}

fn tries(program: &str, seen: Seen<'_>) -> Result<Tries, String> {
    if !seen.is_traced(program) {
        return at_links(program, seen);
    }
    let mut actors: Vec<&str> = Vec::new();
    for event in seen.of(program) {
        if !actors.contains(&event.actor.as_str()) {
            actors.push(&event.actor);
        }
    }
    let all = actors.iter().map(|actor| recorded(seen.of(program).filter(|event| event.actor == *actor)));
    Ok(Tries { all: all.filter(|attempts| !attempts.is_empty()).collect(), is_all: true })
}

/// The attempts in the trace of one actor.
fn recorded<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    // Where an attempt may go on with its next address: those that failed since the last pause.
    let mut failed: Vec<SocketAddr> = Vec::new();
    for event in events {
        match &event.what {
            What::Started(call) if begins(call) => {
                let goes_on = call.peer.is_some_and(|peer| !failed.is_empty() && !failed.contains(&peer));
                if !goes_on {
                    failed.clear();
                    attempts.push(Attempt { seq: event.seq, began: event.at, ended: event.at });
                }
            }
            What::Retrying { .. } => failed.clear(),
            What::Finished { call, .. } if moves(call) => {
                if call.op == Op::Receive {
                    failed.clear();
                }
                end_of(&mut attempts, event.at);
            }
            What::Failed(failure) if moves(&failure.call) => {
                failed.extend(failure.call.peer);
                end_of(&mut attempts, event.at);
            }
            _ => {}
        }
    }
    attempts
}

fn end_of(attempts: &mut [Attempt], at: Duration) {
    if let Some(last) = attempts.last_mut() {
        last.ended = at;
    }
}

fn begins(call: &Call) -> bool {
    matches!((call.op, call.protocol), (Op::Connect, Protocol::Tcp) | (Op::Send, Protocol::Udp))
}

/// Whether a call is part of an attempt. To make a socket, and to name its peer, comes before the next one.
fn moves(call: &Call) -> bool {
    matches!((call.op, call.protocol), (Op::Connect, Protocol::Tcp) | (Op::Send | Op::Receive, _))
}

/// What came to the links from the program's host. It is not known when a connection was over for the client, so that
/// a pause is from one to the next.
fn at_links(program: &str, seen: Seen<'_>) -> Result<Tries, String> {
    let host = seen.program(program).map_or(program, |program| program.host.as_str());
    let links: Vec<&str> =
        seen.scenario.links.iter().filter(|link| link.from == host).map(|link| link.name.as_str()).collect();
    if links.is_empty() {
        return Err(format!("{program} records no calls, and no link leads from its host"));
    }
    let others: Vec<&str> = seen
        .scenario
        .programs
        .iter()
        .filter(|other| other.host == host && other.listens.is_empty() && other.name != program)
        .map(|other| other.name.as_str())
        .collect();
    if !others.is_empty() {
        return Err(format!(
            "{} calls from the same host, and links do not tell them apart",
            others.join(", ")
        ));
    }
    let mut attempts: Vec<Attempt> = links
        .iter()
        .flat_map(|link| link::accepted(link, seen))
        .map(|event| Attempt { seq: event.seq, began: event.at, ended: event.at })
        .collect();
    attempts.sort_by_key(|attempt| attempt.seq);
    let is_refused = seen
        .scenario
        .steps
        .iter()
        .any(|step| matches!(&step.action, Action::Refuse(link) if links.contains(&link.as_str())));
    Ok(Tries { all: vec![attempts], is_all: !is_refused })
}

fn pauses(attempts: &[Attempt]) -> Vec<Duration> {
    attempts.windows(2).map(|pair| pair[1].began.saturating_sub(pair[0].ended)).collect()
}

/// Whether the last pause is longer than the first by half at least.
fn grow(pauses: &[Duration]) -> bool {
    let (Some(first), Some(last)) = (pauses.first(), pauses.last()) else { return false };
    *last >= first.saturating_mul(3) / 2
}

fn told(pauses: &[Vec<Duration>]) -> String {
    let of_one = |pauses: &Vec<Duration>| {
        let first: Vec<String> =
            pauses.iter().take(PAUSES).map(|pause| duration(*pause).to_string()).collect();
        match pauses.last().filter(|_| pauses.len() > PAUSES) {
            Some(last) => format!("{}, … {}", first.join(", "), duration(*last)),
            None => first.join(", "),
        }
    };
    let shown: Vec<String> =
        pauses.iter().filter(|pauses| !pauses.is_empty()).take(ACTORS).map(of_one).collect();
    format!("pauses of {}", shown.join(" | "))
}

/// So many pauses are told.
const PAUSES: usize = 8;
/// Of so many actors.
const ACTORS: usize = 3;

/// Wanted pauses in words.
pub(super) fn want(wanted: &Spacing) -> String {
    let mut parts = Vec::new();
    if wanted.grows {
        parts.push("growing pauses".to_owned());
    }
    parts.extend(wanted.at_least.map(|least| format!("each at least {}", duration(least))));
    parts.extend(wanted.at_most.map(|most| format!("each at most {}", duration(most))));
    if parts.is_empty() { "pauses".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests;
