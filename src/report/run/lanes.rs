//! What everybody did over time: when a program ran, when it was in a call and how that ended, when it waited for its
//! next attempt; what was done to a link, and when. Spans of time, no picture.

use crate::failure::Op;
use crate::trace::{Event, Run, What};
use std::collections::BTreeMap;
use std::time::Duration;

/// Everything that is shown over time.
pub(super) struct Lanes {
    /// Until when.
    pub(super) end: Duration,
    /// One for each who takes part.
    pub(super) all: Vec<Lane>,
    /// Steps of the plan: when, and in which words.
    pub(super) steps: Vec<(Duration, String)>,
}

/// What one did over time.
pub(super) struct Lane {
    pub(super) name: String,
    /// In order of their beginnings, long ones before short ones.
    pub(super) spans: Vec<Span>,
}

/// Something that lasted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) from: Duration,
    pub(super) to: Duration,
    pub(super) kind: Doing,
    /// What it was, in the words of the trace.
    pub(super) text: String,
    /// How many it stands for: what cannot be told apart is drawn as one.
    pub(super) count: usize,
}

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doing {
    /// The program runs.
    Runs,
    /// It is stopped, or nothing goes through the link.
    Stands,
    /// An impairment is in force.
    Impaired,
    /// In a call that did what was asked.
    Works,
    /// In a call that failed, or never ended.
    Fails,
    /// It waits for its next attempt.
    Waits,
    /// An impairment changed something.
    Harms,
}

impl Lanes {
    /// Those of `run`, of these names; spans that are closer than `apart` are joined.
    pub(super) fn of(run: &Run, names: &[String], apart: Duration) -> Self {
        let last = run.events.iter().map(|event| event.at).max().unwrap_or_default();
        let steps = run.events.iter().filter_map(|event| match &event.what {
            What::Step { text, .. } => Some((event.at, text.clone())),
            _ => None,
        });
        let steps: Vec<(Duration, String)> = steps.collect();
        let lane = |name: &String| {
            let own: Vec<&Event> = run.events.iter().filter(|event| event.actor == *name).collect();
            // Of a link nobody sees the end: it is there as long as anybody is.
            let is_link = name.starts_with("link ") || name.starts_with("proxy ");
            let mut spans = life(&own, last, is_link);
            spans.extend(calls(&own, last));
            spans.extend(planned(name, &steps, last));
            spans.sort_by_key(|span| (span.kind, span.from));
            Lane { name: name.clone(), spans: joined(spans, apart) }
        };
        let end = super::words::took(run).max(last);
        Self { end, all: names.iter().map(lane).filter(|lane| !lane.spans.is_empty()).collect(), steps }
    }
}

fn span(from: Duration, to: Duration, kind: Doing, text: String) -> Span {
    Span { from, to, kind, text, count: 1 }
}

/// From each start to its end; of one who was not started here, from its first act to its last.
fn life(own: &[&Event], last: Duration, lasts: bool) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut since: Option<(Duration, String)> = None;
    for event in own {
        match &event.what {
            What::Launched { .. } => since = Some((event.at, told(event))),
            What::Exited { .. } => {
                let (from, _) = since.take().unwrap_or((Duration::ZERO, String::new()));
                spans.push(span(from, event.at, Doing::Runs, told(event)));
            }
            _ => {}
        }
    }
    spans.extend(since.map(|(from, text)| span(from, last, Doing::Runs, text)));
    let acts = |event: &&&Event| !matches!(event.what, What::Step { .. } | What::Note { .. });
    if let (true, Some(first), Some(end)) =
        (spans.is_empty(), own.iter().find(acts), own.iter().rev().find(acts))
    {
        spans.push(span(first.at, if lasts { last } else { end.at }, Doing::Runs, String::new()));
    }
    spans
}

fn told(event: &Event) -> String {
    let text = event.to_string();
    text.strip_prefix(&format!("{}: ", event.actor)).unwrap_or(&text).to_owned()
}

/// Calls that may wait for the other end, waits, and what impairments did. A server waits for clients all its life: that
/// is no attempt.
fn calls(own: &[&Event], last: Duration) -> Vec<Span> {
    let waits = |op: Op| {
        matches!(op, Op::Connect | Op::Send | Op::Receive | Op::Resolve | Op::Query | Op::Bind | Op::Listen)
    };
    let is_asked = own.iter().any(|event| event.what.finished().is_some_and(|call| call.op == Op::Accept));
    let mut open: BTreeMap<(&str, String), (Duration, String)> = BTreeMap::new();
    let mut spans = Vec::new();
    for event in own {
        let (call, kind) = match &event.what {
            What::Started(call) => {
                if waits(call.op) {
                    open.insert((call.op.name(), call.protocol.to_string()), (event.at, told(event)));
                }
                continue;
            }
            What::Finished { call, .. } => (call, Doing::Works),
            What::Failed(failure) => (&failure.call, Doing::Fails),
            What::Retrying { delay, .. } => {
                spans.push(span(event.at, event.at + *delay, Doing::Waits, told(event)));
                continue;
            }
            What::Injected(injection) => {
                let by = injection.by.and_then(|by| Duration::try_from_secs_f64(by).ok()).unwrap_or_default();
                spans.push(span(event.at, event.at + by, Doing::Harms, told(event)));
                continue;
            }
            _ => continue,
        };
        let since = open.remove(&(call.op.name(), call.protocol.to_string()));
        let idles = is_asked && call.op == Op::Receive && kind == Doing::Works;
        if waits(call.op) && !idles {
            let from = match &event.what {
                What::Failed(failure) => event.at.saturating_sub(failure.elapsed),
                _ => since.map_or(event.at, |(from, _)| from),
            };
            spans.push(span(from, event.at, kind, told(event)));
        }
    }
    let never = open.into_values().filter(|_| !is_asked);
    spans.extend(never.map(|(from, text)| span(from, last, Doing::Fails, text)));
    spans
}

/// What steps do to one that lasts: a link that is parted until it is healed, a program that is paused until it goes on,
/// an impairment that is there until it is taken away.
fn planned(name: &str, steps: &[(Duration, String)], last: Duration) -> Vec<Span> {
    let name = name.strip_prefix("link ").unwrap_or(name);
    let mut open: BTreeMap<String, (Duration, Doing, String)> = BTreeMap::new();
    let mut spans = Vec::new();
    for (at, text) in steps {
        let (action, rest) = text.split_once(' ').unwrap_or((text, ""));
        let (what, on) = rest.rsplit_once(" on ").unwrap_or((rest, rest));
        if on.trim_matches('"') != name {
            continue;
        }
        let key = if on == rest { String::new() } else { impairment(what) };
        let kind = if action == "add" { Doing::Impaired } else { Doing::Stands };
        // What was there from the beginning no step has put in.
        let from_start = (action == "remove").then(|| (Duration::ZERO, Doing::Impaired, what.to_owned()));
        let ended = open.remove(&key).or(from_start);
        spans.extend(ended.map(|(from, kind, text)| span(from, *at, kind, text)));
        if matches!(action, "partition" | "refuse" | "pause" | "add" | "change") {
            let kind = if action == "change" { Doing::Impaired } else { kind };
            open.insert(key, (*at, kind, text.clone()));
        }
    }
    spans.extend(open.into_values().map(|(from, kind, text)| span(from, last, kind, text)));
    spans
}

/// The name of an impairment: `latency:latency=100,name=slow` is `slow`.
fn impairment(text: &str) -> String {
    let text = text.trim_matches('"');
    let (kind, attributes) = text.split_once(':').unwrap_or((text, ""));
    let name = attributes.split(',').find_map(|attribute| attribute.strip_prefix("name="));
    name.unwrap_or(kind).to_owned()
}

/// One for those of a kind that nobody could tell apart.
fn joined(spans: Vec<Span>, apart: Duration) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len().min(1024));
    for span in spans {
        match joined.last_mut() {
            Some(last)
                if last.kind == span.kind
                    && span.kind > Doing::Impaired
                    && span.from.saturating_sub(last.to) < apart
                    && span.to.saturating_sub(span.from) < apart * 2 =>
            {
                last.to = last.to.max(span.to);
                last.count += 1;
            }
            _ => joined.push(span),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_step_begins_another_ends() {
        let second = Duration::from_secs;
        let steps = [
            (second(1), "partition path".to_owned()),
            (second(2), "heal path".to_owned()),
            (second(3), "add latency:latency=100,name=slow on path".to_owned()),
            (second(4), "pause server".to_owned()),
            (second(5), "remove slow on path".to_owned()),
            (second(6), "remove loss on path".to_owned()),
        ];
        let spans: Vec<(u64, u64, Doing)> = planned("link path", &steps, second(9))
            .iter()
            .map(|span| (span.from.as_secs(), span.to.as_secs(), span.kind))
            .collect();
        assert_eq!(spans, [(1, 2, Doing::Stands), (3, 5, Doing::Impaired), (0, 6, Doing::Impaired)]);
        assert_eq!(planned("server", &steps, second(9))[0].to, second(9));
    }

    #[test]
    fn what_cannot_be_told_apart_is_one() {
        let at = Duration::from_millis;
        let short = |from| span(at(from), at(from + 1), Doing::Works, String::new());
        let told = joined(vec![short(0), short(2), short(50)], at(5));
        assert_eq!(told.iter().map(|span| span.count).collect::<Vec<_>>(), [2, 1]);
    }
}
