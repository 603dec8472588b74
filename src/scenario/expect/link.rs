//! `connections`, `bytes` and `did`: what came to a link, what it let through, and what it did to it.

use super::found::{Found, untold, wide};
use super::seen::Seen;
use crate::failure::Op;
use crate::scenario::model::Bounds;
use crate::trace::{Event, Fact, What};
use std::collections::BTreeSet;

/// How many connections came, or UDP clients.
pub(super) fn connections(bounds: &Bounds, link: &str, seen: Seen<'_>) -> Found {
    let because = accepted(link, seen).map(|event| event.seq);
    match relayed(link, seen) {
        Some(relayed) => {
            let number = relayed.connections;
            Found::new(bounds.to_string(), number.to_string(), bounds.contains(number)).because(because)
        }
        None => untold(bounds.to_string(), UNMEASURED),
    }
}

/// How many bytes it delivered, each way.
pub(super) fn bytes(
    upstream: Option<&Bounds>,
    downstream: Option<&Bounds>,
    link: &str,
    seen: Seen<'_>,
) -> Found {
    let want = want(upstream, downstream);
    let Some(relayed) = relayed(link, seen) else { return untold(want, UNMEASURED) };
    let holds = |bounds: Option<&Bounds>, bytes| bounds.is_none_or(|bounds| bounds.contains(bytes));
    let passed = holds(upstream, relayed.upstream) && holds(downstream, relayed.downstream);
    let got = format!("{} bytes upstream, {} bytes downstream", relayed.upstream, relayed.downstream);
    Found::new(want, got, passed).because(accepted(link, seen).map(|event| event.seq))
}

/// How often an impairment did something.
pub(super) fn did(what: &str, times: &Bounds, link: &str, seen: Seen<'_>) -> Found {
    let hits: Vec<usize> = seen
        .at_link(link)
        .filter(|event| done(event).iter().any(|did| did == what))
        .map(|event| event.seq)
        .collect();
    let mut others: Vec<String> = seen.at_link(link).flat_map(done).filter(|did| did != what).collect();
    others.sort_unstable();
    others.dedup();
    let number = hits.len();
    let got = match others.join(", ") {
        others if number == 0 && !others.is_empty() => format!("{what}: 0 (there were: {others})"),
        _ => format!("{what}: {number}"),
    };
    Found::new(format!("{what}: {times}"), got, times.contains(wide(number))).because(hits)
}

/// What was done to a piece of traffic, in words.
fn done(event: &Event) -> Vec<String> {
    match &event.what {
        What::Injected(injection) => vec![injection.did.clone()],
        What::Packet(packet) => packet.did.iter().map(|one| one.did.clone()).collect(),
        _ => Vec::new(),
    }
}

/// What stands for a link whose counters nobody read.
const UNMEASURED: &str = "the link's counters were not read";

struct Relayed {
    connections: u64,
    upstream: u64,
    downstream: u64,
}

/// The last reading of the link's counters.
fn relayed(wanted: &str, seen: Seen<'_>) -> Option<Relayed> {
    seen.played.evidence.iter().rev().find_map(|evidence| match &evidence.fact {
        Fact::Relayed { link, connections, upstream, downstream } if link == wanted => {
            Some(Relayed { connections: *connections, upstream: *upstream, downstream: *downstream })
        }
        _ => None,
    })
}

/// The events by which something began at a link: on loopback an accepted connection, on a virtual network the first SYN
/// of each.
pub(super) fn accepted<'a>(link: &str, seen: Seen<'a>) -> impl Iterator<Item = &'a Event> {
    let mut begun = BTreeSet::new();
    seen.at_link(link).filter(move |event| match &event.what {
        What::Finished { call, .. } => call.op == Op::Accept,
        What::Packet(packet) if packet.flags.as_deref() == Some("SYN") => {
            begun.insert((packet.source, packet.destination))
        }
        _ => false,
    })
}

/// Wanted bytes in words.
pub(super) fn want(upstream: Option<&Bounds>, downstream: Option<&Bounds>) -> String {
    let way = |bounds: Option<&Bounds>, way: &str| bounds.map(|bounds| format!("{bounds} bytes {way}"));
    let parts: Vec<String> =
        way(upstream, "upstream").into_iter().chain(way(downstream, "downstream")).collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Run, link};
    use super::*;
    use crate::failure::Protocol;
    use crate::scenario::model::Expectation;
    use crate::trace::{Evidence, Injection, Source};
    use std::time::Duration;

    fn measured(readings: &[(u64, u64, u64)]) -> Run {
        let mut run = Run::of([]);
        run.scenario.links.push(link("path", "client", "server"));
        run.called("link path", Op::Accept, Protocol::Tcp, None);
        for (connections, upstream, downstream) in readings.iter().copied() {
            let fact = Fact::Relayed { link: "path".into(), connections, upstream, downstream };
            run.played.evidence.push(Evidence { source: Source::Proxy, at: Duration::ZERO, fact });
        }
        run
    }

    #[test]
    fn the_last_reading_counts() {
        let run = measured(&[(1, 5, 0), (2, 10, 40)]);
        let connections = |number| Expectation::Connections(Bounds::exactly(number));
        assert_eq!(run.found(&connections(2), "path").passed, Some(true));
        let missed = run.found(&connections(1), "path");
        assert_eq!(
            (missed.passed, missed.got.as_str(), missed.because.as_slice()),
            (Some(false), "2", &[1][..])
        );
        let bytes = |up: Option<u64>, down: Option<u64>| Expectation::Bytes {
            upstream: up.map(Bounds::exactly),
            downstream: down.map(Bounds::exactly),
        };
        for (expected, passed) in [
            (bytes(Some(10), Some(40)), true),
            (bytes(Some(10), None), true),
            (bytes(None, Some(0)), false),
            (bytes(Some(5), Some(40)), false),
        ] {
            assert_eq!(run.found(&expected, "path").passed, Some(passed), "{expected:?}");
        }
        let found = run.found(&bytes(None, Some(0)), "path");
        assert_eq!(
            (found.want.as_str(), found.got.as_str()),
            ("0 bytes downstream", "10 bytes upstream, 40 bytes downstream")
        );
    }

    #[test]
    fn what_nobody_measured_nobody_can_tell() {
        let run = measured(&[]);
        assert_eq!(run.found(&Expectation::Connections(Bounds::exactly(1)), "path").passed, None);
        let any = Expectation::Bytes { upstream: Some(Bounds::exactly(0)), downstream: None };
        assert_eq!(run.found(&any, "path").passed, None);
    }

    #[test]
    fn what_an_impairment_did_is_counted() {
        let mut run = measured(&[]);
        for did in ["delayed", "reset", "delayed"] {
            let injection = Injection {
                toxic: "slow".into(),
                kind: "latency".into(),
                stream: "upstream".into(),
                connection: 1,
                client: "127.0.0.1:4000".parse().unwrap(),
                did: did.into(),
                bytes: None,
                by: None,
            };
            run.push("link path", What::Injected(injection));
        }
        let wants = |what: &str, times| Expectation::Did { what: what.into(), times: Bounds::exactly(times) };
        assert_eq!(run.found(&wants("delayed", 2), "path").passed, Some(true));
        assert_eq!(run.found(&wants("reset", 2), "path").passed, Some(false));
        let none = run.found(&wants("dropped", 1), "path");
        assert_eq!(
            (none.passed, none.got.as_str()),
            (Some(false), "dropped: 0 (there were: delayed, reset)")
        );
        assert_eq!(run.found(&wants("dropped", 0), "path").passed, Some(true));
    }
}
