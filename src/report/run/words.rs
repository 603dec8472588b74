//! What all formats say of a run in the same words: its name, its status, how long it took, what it quotes.
//! As they stand in the trace: each format makes them harmless in its own way.

use crate::failure::Failure;
use crate::knowledge::Terms;
use crate::lang::Lang;
use crate::trace::{Event, Judged, Run, RunStatus};
use std::time::Duration;

/// What a run is called: the scenario's name, else the command that wrote the trace.
pub(super) fn name(run: &Run) -> &str {
    let command = || if run.header.command.is_empty() { "trace" } else { run.header.command.as_str() };
    run.header.scenario.as_ref().map_or_else(command, |told| &told.name)
}

/// How it ended; `None` when no end is recorded.
pub(super) fn status(run: &Run) -> Option<RunStatus> {
    run.end.as_ref().map(|end| end.status)
}

/// Whether it is a scenario of which the end is missing. Of a program on its own nobody writes an end.
pub(super) fn is_cut_off(run: &Run) -> bool {
    run.end.is_none() && run.header.scenario.is_some()
}

/// How it ended, in a word.
pub(super) fn status_word(run: &Run, terms: &'static Terms) -> &'static str {
    match status(run) {
        Some(RunStatus::Passed) => terms.passed,
        Some(RunStatus::Failed) => terms.failed,
        Some(RunStatus::Unsupported) => terms.unsupported,
        Some(RunStatus::Error) => terms.error,
        None if is_cut_off(run) => terms.cut_off,
        None => terms.trace,
    }
}

/// How long it took; of a trace without an end, as far as it goes.
pub(super) fn took(run: &Run) -> Duration {
    let last = || run.events.iter().map(|event| event.at).max().unwrap_or_default();
    run.end.as_ref().map_or_else(last, |end| end.seconds)
}

/// What broke, or what it needs.
pub(super) fn reason(run: &Run, lang: Lang) -> Option<&str> {
    let reason = run.end.as_ref()?.reason.as_ref()?;
    Some(reason.text(lang))
}

/// The event of this number, quoted with its time.
pub(super) fn quoted(run: &Run, seq: usize) -> Option<String> {
    run.events.get(seq).map(|event| format!("{} {event}", at(event.at)))
}

/// The same verdict on one actor is told once: the last of its kind, and how often it came.
pub(super) fn distinct_verdicts(run: &Run) -> Vec<(&Judged, usize)> {
    let mut distinct: Vec<(&Judged, usize)> = Vec::new();
    for judged in &run.verdicts {
        let same = |(other, _): &&mut (&Judged, usize)| {
            other.of == judged.of
                && other.verdict.fault == judged.verdict.fault
                && other.verdict.confidence == judged.verdict.confidence
        };
        match distinct.iter_mut().find(same) {
            Some((last, times)) => (*last, *times) = (judged, *times + 1),
            None => distinct.push((judged, 1)),
        }
    }
    distinct
}

/// Failures of a run, in order.
pub(super) fn failures(run: &Run) -> impl Iterator<Item = (&Event, &Failure)> {
    run.events.iter().filter_map(|event| Some((event, event.what.failure()?)))
}

/// A point in time: `+0.123`.
pub(super) fn at(time: Duration) -> String {
    format!("+{:.3}", time.as_secs_f64())
}

/// How long something took: `20.0 ms`, `1.50 s`.
pub(super) fn length(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        0.0 => "0 ms".to_owned(),
        _ if seconds < 0.01 => format!("{:.2} ms", seconds * 1e3),
        _ if seconds < 0.1 => format!("{:.1} ms", seconds * 1e3),
        _ if seconds < 1.0 => format!("{:.0} ms", seconds * 1e3),
        _ => format!("{seconds:.2} s"),
    }
}

/// Why a call failed, without the call.
pub(super) fn without_its_call(failure: &Failure) -> String {
    let text = failure.to_string();
    text.strip_prefix(&format!("{}: ", failure.call)).unwrap_or(&text).to_owned()
}
