//! Runs for scripts: what a grader or a CI job reads.

use crate::lang::Lang;
use crate::trace::{Checked, Judged, Points, Run, RunStatus, Verdict};
use serde::Serialize;

/// `{"scenarios":[…]}`, the words in `lang`. Of a trace without an end the status is `null`.
pub fn json(runs: &[Run], lang: Lang) -> impl Serialize {
    Scenarios { scenarios: runs.iter().map(|run| Scenario::of(run, lang)).collect() }
}

#[derive(Serialize)]
struct Scenarios<'a> {
    scenarios: Vec<Scenario<'a>>,
}

#[derive(Serialize)]
struct Scenario<'a> {
    file: Option<&'a str>,
    name: &'a str,
    status: Option<RunStatus>,
    seed: u64,
    seconds: f64,
    points: Option<Points>,
    checks: Vec<Check<'a>>,
    verdicts: Vec<Ruling<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    replay: Option<&'a str>,
}

/// An expectation, with what was seen.
#[derive(Serialize)]
pub(in crate::report) struct Check<'a> {
    name: &'a str,
    passed: Option<bool>,
    want: &'a str,
    got: &'a str,
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<u32>,
}

impl<'a> Check<'a> {
    pub(in crate::report) fn of(checked: &'a Checked, lang: Lang) -> Self {
        Self {
            name: checked.name.text(lang),
            passed: checked.passed,
            want: &checked.want,
            got: &checked.got,
            hint: checked.hint.as_ref().map(|hint| hint.text(lang)),
            points: checked.points,
        }
    }
}

/// A verdict, and whose failure it judges: the actor and the event.
#[derive(Serialize)]
struct Ruling<'a> {
    of: &'a str,
    event: usize,
    #[serde(flatten)]
    verdict: &'a Verdict,
}

impl<'a> Ruling<'a> {
    fn new(Judged { of, event, verdict }: &'a Judged) -> Self {
        Self { of, event: *event, verdict }
    }
}

impl<'a> Scenario<'a> {
    fn of(run: &'a Run, lang: Lang) -> Self {
        let (told, end) = (run.header.scenario.as_ref(), run.end.as_ref());
        let micros = super::words::took(run).as_micros();
        Self {
            file: told.map(|told| told.file.as_str()),
            name: told.map_or(run.header.command.as_str(), |told| &told.name),
            status: end.map(|end| end.status),
            seed: run.header.seed,
            // A run of centuries is none.
            seconds: f64::from(u32::try_from(micros / 1_000_000).unwrap_or(u32::MAX))
                + f64::from(u32::try_from(micros % 1_000_000).unwrap_or(0)) / 1e6,
            points: run.points(),
            checks: run.checks.iter().map(|checked| Check::of(checked, lang)).collect(),
            verdicts: run.verdicts.iter().map(Ruling::new).collect(),
            reason: end.and_then(|end| end.reason.as_ref()).map(|reason| reason.text(lang)),
            replay: end.map(|end| end.replay.as_str()),
        }
    }
}
