//! `failure`: a call that failed, or that none did. Of a program that records its calls that is read in its trace, of
//! another one in what it wrote, as `netfault explain` reads it.

use super::found::{Found, missed, untold};
use super::seen::Seen;
use crate::failure::{Failure, Op, Why};
use crate::fault::{Family, Fault};
use crate::knowledge::{self, Sighting};
use crate::scenario::model::WantedFailure;
use crate::trace::Stream;
use std::fmt::Write as _;
use std::net::SocketAddr;

/// What is wanted where no call may fail.
pub(super) const NONE: &str = "no failed call";

/// A call must have failed so.
pub(super) fn failed(wanted: &WantedFailure, program: &str, seen: Seen<'_>) -> Found {
    let want = want(wanted);
    let met = met(program, seen);
    if met.is_empty() {
        let words = seen.last_words(program, None);
        return missed(
            want,
            if seen.is_traced(program) {
                NONE.to_owned()
            } else {
                format!("no error in the output: {words}")
            },
        );
    }
    let peer =
        wanted.peer.as_ref().map(|peer| seen.played.addresses.get(peer).map_or(&[][..], Vec::as_slice));
    let answers: Vec<Option<bool>> = met.iter().map(|met| met.is(wanted, peer)).collect();
    let those =
        |answer| answers.iter().zip(&met).filter(move |(given, _)| **given == answer).map(|(_, met)| met);
    let hits: Vec<&Met<'_>> = those(Some(true)).collect();
    if !hits.is_empty() {
        return Found::new(want, told(hits.iter().copied()), true).because(hits.iter().map(|met| met.seq));
    }
    let got = told(met.iter());
    let because = met.iter().map(|met| met.seq);
    if those(None).next().is_some() {
        return untold(want, format!("{got}; the output does not tell more")).because(because);
    }
    missed(want, got).because(because)
}

/// None may have failed.
pub(super) fn none_failed(program: &str, seen: Seen<'_>) -> Found {
    let met = met(program, seen);
    if met.is_empty() {
        return Found::new(NONE, NONE, true);
    }
    missed(NONE, told(met.iter())).because(met.iter().map(|met| met.seq))
}

/// A failure that was met, and the event that shows it.
struct Met<'a> {
    seq: usize,
    what: Kind<'a>,
}

enum Kind<'a> {
    /// A call of a trace.
    Call(&'a Failure),
    /// An error in an output.
    Text(Sighting),
}

impl Met<'_> {
    /// Whether it is the wanted one; `None` when nothing that is asked for can be told of it. What an output leaves out
    /// (Python gives no address) speaks neither for nor against it.
    fn is(&self, wanted: &WantedFailure, peer: Option<&[SocketAddr]>) -> Option<bool> {
        let errno = wanted.errno.as_deref().map(|errno| Some(self.has_errno(errno)));
        let call = wanted.call.map(|call| self.call().map(|own| own == call));
        let peer = peer.map(|addresses| self.has_peer(addresses));
        let asked: Vec<Option<bool>> = [errno, call, peer].into_iter().flatten().collect();
        if asked.contains(&Some(false)) {
            return Some(false);
        }
        (asked.is_empty() || asked.contains(&Some(true))).then_some(true)
    }

    fn has_errno(&self, wanted: &str) -> bool {
        match (&self.what, wanted) {
            (Kind::Call(failure), "timeout") => failure.is_timeout(),
            (Kind::Call(failure), "closed") => failure.why == Why::Closed,
            (Kind::Call(failure), name) => failure.is(name),
            (Kind::Text(sighting), "timeout") => sighting.family == Family::Timeout,
            (Kind::Text(sighting), "closed") => sighting.fault == Some(Fault::NoReply),
            (Kind::Text(sighting), name) => sighting.code.is_some_and(|code| code.name == name),
        }
    }

    fn call(&self) -> Option<Op> {
        match &self.what {
            Kind::Call(failure) => Some(failure.call.op),
            Kind::Text(sighting) => sighting.call,
        }
    }

    fn has_peer(&self, addresses: &[SocketAddr]) -> Option<bool> {
        match &self.what {
            Kind::Call(failure) => Some(failure.call.address().is_some_and(|own| addresses.contains(&own))),
            Kind::Text(sighting) => {
                let own = sighting.address.as_deref()?;
                let is_here = |own: &str, address: &SocketAddr| {
                    own == address.to_string() || own == format!("localhost:{}", address.port())
                };
                Some(addresses.iter().any(|address| is_here(own, address)))
            }
        }
    }

    fn text(&self) -> String {
        match &self.what {
            Kind::Call(failure) => failure.to_string(),
            Kind::Text(sighting) => {
                let mut text = sighting.call.map(|call| format!("{} ", call.name())).unwrap_or_default();
                if let Some(address) = &sighting.address {
                    let _ = write!(text, "{address} ");
                }
                let name = sighting.code.map_or(sighting.page().id(), |code| code.name);
                text + name + " in the output"
            }
        }
    }
}

fn met<'a>(program: &'a str, seen: Seen<'a>) -> Vec<Met<'a>> {
    if !seen.is_traced(program) {
        return [Stream::Stderr, Stream::Stdout]
            .into_iter()
            .flat_map(|on| sighted(program, on, seen))
            .collect();
    }
    seen.of(program)
        .filter_map(|event| Some(Met { seq: event.seq, what: Kind::Call(event.what.failure()?) }))
        .collect()
}

/// The errors in what a program wrote on a stream, one after the other.
fn sighted<'a>(program: &'a str, on: Stream, seen: Seen<'a>) -> Vec<Met<'a>> {
    let lines: Vec<(usize, &str)> =
        seen.written(program, Some(on)).map(|line| (line.event.seq, line.text)).collect();
    let (mut rest, mut met) = (lines.as_slice(), Vec::new());
    while met.len() < MOST {
        let Some(sighting) = knowledge::read(rest.iter().map(|(_, text)| (*text).to_owned())) else { break };
        let line = sighting.line.unwrap_or(rest.len()).clamp(1, rest.len());
        met.push(Met { seq: rest[line - 1].0, what: Kind::Text(sighting) });
        rest = &rest[line..];
    }
    met
}

/// So many errors are read in an output.
const MOST: usize = 100;

/// Failures in words, each kind once and the first ones.
fn told<'m, 'a: 'm>(met: impl Iterator<Item = &'m Met<'a>>) -> String {
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for text in met.map(Met::text) {
        match kinds.iter_mut().find(|(kind, _)| *kind == text) {
            Some((_, times)) => *times += 1,
            None => kinds.push((text, 1)),
        }
    }
    let more = kinds.len().saturating_sub(KINDS);
    let first = kinds.iter().take(KINDS);
    let mut text = first
        .map(|(kind, times)| if *times == 1 { kind.clone() } else { format!("{kind} (× {times})") })
        .collect::<Vec<_>>()
        .join("; ");
    if more > 0 {
        let _ = write!(text, "; and {more} more");
    }
    text
}

/// So many kinds of failures are told.
const KINDS: usize = 3;

/// A wanted failure in words.
pub(super) fn want(wanted: &WantedFailure) -> String {
    let call = wanted.call.map_or("a call", Op::name);
    let peer = wanted.peer.as_ref().map(|peer| format!(" to {peer}")).unwrap_or_default();
    let errno = wanted.errno.as_ref().map(|errno| format!(" with {errno}")).unwrap_or_default();
    format!("{call}{peer} fails{errno}")
}

#[cfg(test)]
mod tests;
