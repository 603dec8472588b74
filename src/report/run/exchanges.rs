//! How long answers took: of each request of a client the time until its reply, or until it failed; where nobody asked
//! anything, the time that connections took. Pure numbers, no picture.

use crate::failure::{Call, Op};
use crate::trace::{Event, Run, What};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

/// Fewer make no distribution.
const ENOUGH: usize = 20;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measured {
    /// From a `send` to the `recv` that follows it.
    Exchanges,
    /// From the start of a `connect` to its end.
    Connects,
}

/// Latencies of a run, each sorted.
#[derive(Debug)]
pub(super) struct Latencies {
    pub(super) measured: Measured,
    /// Of those that got what they wanted.
    pub(super) good: Vec<Duration>,
    /// Of the others, until they failed.
    pub(super) bad: Vec<Duration>,
}

impl Latencies {
    /// Those of `run`, when there are enough.
    pub(super) fn of(run: &Run) -> Option<Self> {
        [exchanges(&run.events), connects(&run.events)].into_iter().find_map(|mut latencies| {
            latencies.good.sort();
            latencies.bad.sort();
            (latencies.good.len() + latencies.bad.len() >= ENOUGH).then_some(latencies)
        })
    }
}

/// The value that so many per cent of the sorted values do not exceed (nearest rank); `None` of nothing.
pub(super) fn percentile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// Who asks: an actor with a socket of its own, as far as it is known.
type Asker<'a> = (&'a str, Option<SocketAddr>);

fn exchanges(events: &[Event]) -> Latencies {
    let mut latencies = Latencies { measured: Measured::Exchanges, good: Vec::new(), bad: Vec::new() };
    // Whoever receives first is asked, and does not ask.
    let mut asks: BTreeMap<Asker, bool> = BTreeMap::new();
    let mut sent: BTreeMap<Asker, Duration> = BTreeMap::new();
    for event in events {
        let Some((call, got)) = ended(event) else { continue };
        let asker =
            (event.actor.as_str(), call.local.filter(|local| !local.ip().is_unspecified()).or(call.peer));
        if !*asks.entry(asker).or_insert(call.op == Op::Send) {
            continue;
        }
        match (call.op, got) {
            // A request in pieces is one request, and so is the same datagram sent again.
            (Op::Send, true) => {
                sent.entry(asker).or_insert(event.at);
            }
            (_, got) => {
                if let Some(since) = sent.remove(&asker) {
                    let took = event.at.saturating_sub(since);
                    if got { latencies.good.push(took) } else { latencies.bad.push(took) }
                }
            }
        }
    }
    latencies
}

/// A call that moves data and has ended, and whether it got or sent something.
fn ended(event: &Event) -> Option<(&Call, bool)> {
    let (call, got) = match &event.what {
        What::Finished { call, bytes } => (call, call.op == Op::Send || bytes.is_some_and(|bytes| bytes > 0)),
        What::Failed(failure) => (&failure.call, false),
        _ => return None,
    };
    matches!(call.op, Op::Send | Op::Receive).then_some((call, got))
}

fn connects(events: &[Event]) -> Latencies {
    let mut latencies = Latencies { measured: Measured::Connects, good: Vec::new(), bad: Vec::new() };
    let mut begun: BTreeMap<(&str, Option<SocketAddr>), Duration> = BTreeMap::new();
    for event in events {
        match &event.what {
            What::Started(call) if call.op == Op::Connect => {
                begun.insert((&event.actor, call.peer), event.at);
            }
            What::Finished { call, .. } if call.op == Op::Connect => {
                if let Some(since) = begun.remove(&(event.actor.as_str(), call.peer)) {
                    latencies.good.push(event.at.saturating_sub(since));
                }
            }
            What::Failed(failure) if failure.call.op == Op::Connect => latencies.bad.push(failure.elapsed),
            _ => {}
        }
    }
    latencies
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Failure, Protocol, Why};

    fn event(seq: usize, actor: &str, millis: u64, what: What) -> Event {
        Event { seq, at: Duration::from_millis(millis), actor: actor.into(), what }
    }

    fn call(op: Op) -> Call {
        Call { local: Some(([127, 0, 0, 1], 5000).into()), ..Call::new(op, Protocol::Tcp) }
    }

    fn finished(op: Op, bytes: usize) -> What {
        What::Finished { call: call(op), bytes: Some(bytes) }
    }

    #[test]
    fn an_exchange_lasts_from_the_request_to_its_reply() {
        let late = Failure {
            call: call(Op::Receive),
            why: Why::Deadline { limit: Duration::from_secs(1) },
            elapsed: Duration::from_millis(30),
        };
        let events = [
            event(0, "client", 10, finished(Op::Send, 3)),
            event(1, "client", 11, finished(Op::Send, 1)),
            event(2, "client", 15, finished(Op::Receive, 9)),
            event(3, "client", 16, finished(Op::Receive, 9)),
            event(4, "client", 20, finished(Op::Send, 3)),
            event(5, "client", 50, What::Failed(late)),
        ];
        let latencies = exchanges(&events);
        assert_eq!(latencies.good, [Duration::from_millis(5)]);
        assert_eq!(latencies.bad, [Duration::from_millis(30)]);
    }

    #[test]
    fn who_is_asked_does_not_ask() {
        let events = [
            event(0, "server", 10, finished(Op::Receive, 3)),
            event(1, "server", 11, finished(Op::Send, 1)),
            event(2, "server", 500, finished(Op::Receive, 9)),
        ];
        assert!(exchanges(&events).good.is_empty());
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let values: Vec<Duration> = (1..=10).map(Duration::from_millis).collect();
        assert_eq!(percentile(&values, 50), Some(Duration::from_millis(5)));
        assert_eq!(percentile(&values, 99), Some(Duration::from_millis(10)));
        assert_eq!(percentile(&values[..1], 1), Some(Duration::from_millis(1)));
        assert_eq!(percentile(&[], 50), None);
    }
}
