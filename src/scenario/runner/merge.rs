//! Traces of several programs become one: times are those of the run, and a verdict cites what it cited.

use super::on_the_way;
use super::places::Places;
use crate::diagnose;
use crate::scenario::played::{Played, RUNNER};
use crate::trace::{Because, Diagnosis, Event, Evidence, Judged, Run, Verdict, What};
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// More failures of one trace are not judged.
const MOST_JUDGED: usize = 1000;

/// The actor of notes about how a trace was made.
const WITNESS: &str = "witness";

/// A part of what happened, with a clock and a numbering of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// When its time began, in the time of the run.
    began: Duration,
    events: Vec<Event>,
    evidence: Vec<Evidence>,
    verdicts: Vec<Judged>,
}

impl Part {
    /// What the runner itself wrote down and read.
    pub(super) fn of_runner(events: Vec<Event>, evidence: Vec<Evidence>) -> Self {
        Self { events, evidence, ..Self::default() }
    }

    /// A look at a program, which is to be judged as its own.
    pub(super) fn of_look(program: &str, began: Duration, found: Diagnosis) -> Self {
        let Diagnosis { verdict, evidence, mut events, .. } = found;
        let failed = events.iter().rev().find(|event| event.what.failure().is_some()).map(|event| event.seq);
        let cited = verdict.iter().flat_map(|verdict| &verdict.because).find_map(|because| match because {
            Because::Event(seq) => Some(*seq),
            Because::Evidence(_) => None,
        });
        let judged = |verdict| Some(Judged { of: program.to_owned(), event: cited.or(failed)?, verdict });
        let verdicts = verdict.and_then(judged).into_iter().collect();
        for event in &mut events {
            event.actor = format!("{RUNNER}/{}", event.actor);
        }
        Self { began, events, evidence, verdicts }
    }

    /// The trace of a program that ran from one time to another. Its failures are judged by what it saw itself, unless
    /// they were already.
    pub(super) fn of_program(
        program: &str,
        trace: Run,
        run_started: SystemTime,
        (launched, ended): (Duration, Duration),
    ) -> Self {
        let Run { header, mut events, evidence, mut verdicts, .. } = trace;
        let failures = events.iter().filter_map(|event| Some((event, event.what.failure()?)));
        let unjudged: Vec<_> =
            failures.filter(|(event, _)| verdicts.iter().all(|judged| judged.event != event.seq)).collect();
        let left_out = unjudged.len().saturating_sub(MOST_JUDGED);
        for (event, failure) in unjudged.into_iter().take(MOST_JUDGED) {
            let verdict = diagnose::judge(failure, &events, &evidence);
            verdicts.push(Judged { of: event.actor.clone(), event: event.seq, verdict });
        }
        if left_out > 0 {
            let text = format!("{left_out} more failures are not judged");
            let at = events.last().map(|event| event.at).unwrap_or_default();
            let seq = events.last().map_or(0, |event| event.seq + 1);
            events.push(Event { seq, at, actor: WITNESS.into(), what: What::Note { text } });
        }
        let main = main_actor(&events).to_owned();
        for event in &mut events {
            event.actor = renamed(&event.actor, &main, program);
        }
        for judged in &mut verdicts {
            judged.of = renamed(&judged.of, &main, program);
        }
        let began = since(header.started, run_started).filter(|began| (launched..=ended).contains(began));
        Self { began: began.unwrap_or(launched), events, evidence, verdicts }
    }
}

/// How long after the run a trace began; its header has microseconds.
fn since(started: f64, run_started: SystemTime) -> Option<Duration> {
    let started = Duration::try_from_secs_f64(started).ok()?;
    let run = run_started.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    started.checked_sub(run)
}

/// Who a program is in its own trace: the first that does something, without a number.
fn main_actor(events: &[Event]) -> &str {
    let first = events.iter().find(|event| event.actor != WITNESS).or(events.first());
    let first = first.map_or("", |event| event.actor.as_str());
    let number = first.rsplit_once(' ').filter(|(_, last)| last.bytes().all(|byte| byte.is_ascii_digit()));
    number.map_or(first, |(name, _)| name)
}

/// `crowd` is the program, `crowd 3` is `PROGRAM/3`, anybody else is `PROGRAM/anybody`.
fn renamed(actor: &str, main: &str, program: &str) -> String {
    match actor.strip_prefix(main).map(|rest| (rest, rest.strip_prefix(' '))) {
        Some(("", _)) => program.to_owned(),
        Some((_, Some(number))) => format!("{program}/{number}"),
        _ => format!("{program}/{actor}"),
    }
}

/// Everything in order of time; what came at once stays in the order of its part.
pub(super) fn merge(parts: Vec<Part>, places: &Places) -> Played {
    let mut events = Vec::new();
    let mut evidence = Vec::new();
    let mut verdicts = Vec::new();
    for (number, part) in parts.into_iter().enumerate() {
        let began = part.began;
        for mut event in part.events {
            event.at += began;
            events.push(((number, event.seq), event));
        }
        for (position, mut one) in part.evidence.into_iter().enumerate() {
            one.at += began;
            evidence.push(((number, position), one));
        }
        verdicts.extend(part.verdicts.into_iter().map(|judged| (number, judged)));
    }
    events.sort_by_key(|(_, event)| event.at);
    evidence.sort_by_key(|(_, one)| one.at);
    let new_places = |old: Vec<(usize, usize)>| -> HashMap<(usize, usize), usize> {
        old.into_iter().enumerate().map(|(new, old)| (old, new)).collect()
    };
    let of_events = new_places(events.iter().map(|(old, _)| *old).collect());
    let of_evidence = new_places(evidence.iter().map(|(old, _)| *old).collect());
    let cites = |number: usize, because: Because| match because {
        Because::Event(seq) => of_events.get(&(number, seq)).copied().map(Because::Event),
        Because::Evidence(position) => of_evidence.get(&(number, position)).copied().map(Because::Evidence),
    };
    let mut verdicts: Vec<(usize, Judged)> = verdicts
        .into_iter()
        .filter_map(|(number, judged)| {
            let event = *of_events.get(&(number, judged.event))?;
            let verdict = rewritten(judged.verdict, |it| cites(number, it));
            Some((number, Judged { event, verdict, ..judged }))
        })
        .collect();
    verdicts.sort_by_key(|(_, judged)| judged.event);
    let events: Vec<(usize, Event)> = events
        .into_iter()
        .enumerate()
        .map(|(seq, ((number, _), event))| (number, Event { seq, ..event }))
        .collect();
    let evidence: Vec<(usize, Evidence)> =
        evidence.into_iter().map(|((number, _), one)| (number, one)).collect();
    let verdicts = on_the_way::judged(verdicts, &events, &evidence);
    Played {
        events: events.into_iter().map(|(_, event)| event).collect(),
        evidence: evidence.into_iter().map(|(_, one)| one).collect(),
        verdicts,
        addresses: places.all(),
    }
}

/// A verdict with other numbers. What it cites and a trace that was cut off does not have is left out.
pub(super) fn rewritten(verdict: Verdict, cites: impl Fn(Because) -> Option<Because>) -> Verdict {
    let because = verdict.because.into_iter().filter_map(&cites).collect();
    let ruled_out = verdict.ruled_out.into_iter().filter_map(|mut out| {
        out.by = cites(out.by)?;
        Some(out)
    });
    Verdict { because, ruled_out: ruled_out.collect(), ..verdict }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Call, Errno, Failure, Op, Protocol, Why};
    use crate::fault::Fault;
    use crate::trace::{Fact, Header, Host, RuledOut, Source};

    fn event(seq: usize, millis: u64, actor: &str, what: What) -> Event {
        Event { seq, at: Duration::from_millis(millis), actor: actor.into(), what }
    }

    fn note(seq: usize, millis: u64, actor: &str) -> Event {
        event(seq, millis, actor, What::Note { text: format!("{actor} {seq}") })
    }

    fn read(millis: u64, pid: u32) -> Evidence {
        Evidence { source: Source::Procfs, at: Duration::from_millis(millis), fact: Fact::Lives { pid } }
    }

    fn header(started: f64) -> Header {
        Header {
            schema_version: 1,
            seed: 0,
            command: String::new(),
            started,
            host: Host::default(),
            scenario: None,
        }
    }

    fn trace() -> Run {
        let why = Why::Errno(Errno::here(111));
        let failure = Failure { call: Call::new(Op::Connect, Protocol::Tcp), why, elapsed: Duration::ZERO };
        let mut run = Run::new(header(1000.5));
        run.events =
            vec![note(0, 0, "crowd 1"), event(1, 10, "crowd 1", What::Failed(failure)), note(2, 20, "eyes")];
        run.evidence = vec![read(5, 1), read(15, 2)];
        let verdict = Verdict {
            because: vec![Because::Event(1), Because::Evidence(1), Because::Evidence(9)],
            ruled_out: vec![RuledOut { fault: Fault::TimeWait, by: Because::Evidence(0) }],
            ..Verdict::unknown(Vec::new())
        };
        run.verdicts = vec![Judged { of: "crowd 1".into(), event: 1, verdict }];
        run
    }

    fn merged() -> Played {
        let run_started = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
        let lived = (Duration::from_millis(100), Duration::from_millis(900));
        let program = Part::of_program("client", trace(), run_started, lived);
        let runner = Part::of_runner(vec![note(0, 1, RUNNER), note(1, 515, RUNNER)], vec![read(510, 3)]);
        merge(vec![runner, program], &Places::default())
    }

    #[test]
    fn events_stand_in_the_order_of_the_run_s_time_and_are_numbered_anew() {
        let played = merged();
        let shown: Vec<_> = played
            .events
            .iter()
            .map(|event| (event.seq, event.at.as_millis(), event.actor.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (0, 1, "scenario"),
                (1, 500, "client/1"),
                (2, 510, "client/1"),
                (3, 515, "scenario"),
                (4, 520, "client/eyes")
            ]
        );
    }

    #[test]
    fn a_verdict_cites_what_the_program_saw() {
        let played = merged();
        let [judged] = played.verdicts.as_slice() else { panic!("{:?}", played.verdicts) };
        assert_eq!((judged.of.as_str(), judged.event), ("client/1", 2));
        assert_eq!(judged.verdict.because, [Because::Event(2), Because::Evidence(2)]);
        assert_eq!(judged.verdict.ruled_out[0].by, Because::Evidence(0));
        assert_eq!(played.evidence[2].fact, Fact::Lives { pid: 2 });
    }

    #[test]
    fn a_clock_that_was_set_meanwhile_does_not_move_a_program_out_of_its_life() {
        let run_started = SystemTime::UNIX_EPOCH + Duration::from_secs(5000);
        let lived = (Duration::from_millis(100), Duration::from_millis(900));
        let part = Part::of_program("client", trace(), run_started, lived);
        assert_eq!(part.began, lived.0);
    }
}
