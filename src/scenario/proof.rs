//! Whether a scenario can fail: a broken variant must. What it came to is told as a run whose only expectations are that
//! those of the scenario are missed. Pure.

use super::model::Broken;
use crate::lang::Words;
use crate::trace::{Checked, Run, RunStatus};

/// The run of a broken variant as a proof: what must fail has to have failed. What broke, never came to run or cannot be
/// told proves nothing, and stays as it is.
#[must_use]
pub fn proof(broken: &Broken, mut run: Run) -> Run {
    // What was not played has a reason, and missed everything for that.
    let status = run.end.as_ref().filter(|end| end.reason.is_none()).map(|end| end.status);
    if let Some(told) = &mut run.header.scenario {
        told.name = format!("{} ({})", told.name, settings(broken));
    }
    if matches!(status, Some(RunStatus::Passed | RunStatus::Failed)) {
        run.checks = checks(broken, &run.checks);
        if let Some(end) = &mut run.end {
            end.status = RunStatus::of(&run.checks);
        }
    }
    run
}

/// `client=naive-send`.
fn settings(broken: &Broken) -> String {
    let settings: Vec<String> = broken.set.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if settings.is_empty() { "as it is".to_owned() } else { settings.join(", ") }
}

fn checks(broken: &Broken, seen: &[Checked]) -> Vec<Checked> {
    if broken.fails.is_empty() {
        let missed: Vec<&Checked> = seen.iter().filter(|checked| checked.passed == Some(false)).collect();
        let names: Vec<&str> = missed.iter().map(|checked| checked.name.en.as_str()).collect();
        let (passed, got) = match names.as_slice() {
            [] => (false, "all expectations are met: this scenario cannot notice it".to_owned()),
            names => (true, format!("missed: {}", names.join("; "))),
        };
        let because = missed.iter().flat_map(|checked| checked.because.clone()).collect();
        return vec![check(broken.why.clone(), "an expectation is missed", got, passed, because)];
    }
    broken
        .fails
        .iter()
        .map(|name| {
            let checked = seen.iter().find(|checked| checked.name.en == *name);
            let (passed, got) = match checked {
                Some(Checked { passed: Some(false), got, .. }) => (true, format!("missed: {got}")),
                Some(checked) => (false, format!("met: {}", checked.got)),
                None => (false, "there is no such expectation".to_owned()),
            };
            let named = |why: &str, what: &str| format!("{why} ({what})");
            let in_id = checked.map_or(name.as_str(), |checked| checked.name.id.as_str());
            let words = Words { en: named(&broken.why.en, name), id: named(&broken.why.id, in_id) };
            let because = checked.map(|checked| checked.because.clone()).unwrap_or_default();
            check(words, &format!("missed: {name}"), got, passed, because)
        })
        .collect()
}

fn check(name: Words, want: &str, got: String, passed: bool, because: Vec<usize>) -> Checked {
    Checked { name, want: want.to_owned(), got, passed: Some(passed), hint: None, points: None, because }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{End, Header, Host};
    use std::collections::BTreeMap;
    use std::time::Duration;

    fn run(status: RunStatus, checks: &[(&str, bool)]) -> Run {
        let header = Header {
            schema_version: 1,
            seed: 1,
            command: String::new(),
            started: 0.0,
            host: Host::default(),
            scenario: None,
        };
        let checked = |(name, passed): &(&str, bool)| Checked {
            name: Words::same(*name),
            want: "0".into(),
            got: "1".into(),
            passed: Some(*passed),
            hint: None,
            points: Some(5),
            because: vec![3],
        };
        let end = End { status, seconds: Duration::ZERO, reason: None, replay: String::new() };
        Run { checks: checks.iter().map(checked).collect(), end: Some(end), ..Run::new(header) }
    }

    fn broken(fails: &[&str]) -> Broken {
        let set = BTreeMap::from([("client".to_owned(), "naive-send".to_owned())]);
        let fails = fails.iter().map(|name| (*name).to_owned()).collect();
        Broken { why: Words::same("without retry"), set, fails }
    }

    fn status(broken: &Broken, run: Run) -> RunStatus {
        proof(broken, run).end.unwrap().status
    }

    #[test]
    fn a_variant_that_fails_proves_that_the_scenario_can() {
        let failed = || run(RunStatus::Failed, &[("reply", false), ("exit", true)]);
        assert_eq!(status(&broken(&[]), failed()), RunStatus::Passed);
        assert_eq!(status(&broken(&["reply"]), failed()), RunStatus::Passed);
        let proved = proof(&broken(&["reply"]), failed());
        assert_eq!((proved.checks.len(), &proved.checks[0].because), (1, &vec![3]));
        assert_eq!(proved.points(), None);
    }

    #[test]
    fn a_variant_that_passes_is_a_failure_that_says_so() {
        let passed = proof(&broken(&[]), run(RunStatus::Passed, &[("reply", true)]));
        assert_eq!(passed.end.unwrap().status, RunStatus::Failed);
        assert_eq!(passed.checks[0].got, "all expectations are met: this scenario cannot notice it");
    }

    #[test]
    fn a_variant_that_fails_elsewhere_proves_nothing() {
        let failed = || run(RunStatus::Failed, &[("reply", true), ("exit", false)]);
        assert_eq!(status(&broken(&["reply"]), failed()), RunStatus::Failed);
        assert_eq!(status(&broken(&["exit", "reply"]), failed()), RunStatus::Failed);
        assert_eq!(status(&broken(&["no such"]), failed()), RunStatus::Failed);
    }

    #[test]
    fn a_variant_that_never_came_to_run_proves_nothing() {
        let mut lacking = run(RunStatus::Failed, &[("reply", false)]);
        lacking.end.as_mut().unwrap().reason = Some(Words::same("never got ready"));
        let kept = proof(&broken(&["reply"]), lacking);
        assert_eq!((kept.end.unwrap().status, kept.checks[0].passed), (RunStatus::Failed, Some(false)));
    }

    #[test]
    fn what_broke_or_cannot_be_told_proves_nothing() {
        for kept in [RunStatus::Error, RunStatus::Unsupported] {
            assert_eq!(status(&broken(&[]), run(kept, &[("reply", false)])), kept);
        }
    }
}
