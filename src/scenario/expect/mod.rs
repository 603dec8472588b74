//! Judges a run that was played: each expectation with what was seen. Pure: it knows nothing but the scenario and what was
//! recorded, so that a saved run can be judged again.
//!
//! What cannot be told is neither met nor missed, and `got` says why. An expectation of a program that was never started
//! is missed, whatever it asks: that nothing was written proves nothing of a program that did not run.

mod answers;
mod attempts;
mod end;
mod failure;
mod found;
mod link;
mod output;
mod seen;
mod sockets;
mod verdict;

#[cfg(test)]
pub(in crate::scenario) mod stage;

use super::model::{Expect, Expectation, Scenario};
use super::played::Played;
use crate::trace::Checked;
use found::Found;
use seen::Seen;

/// Every expectation of the scenario with what was seen, in the order of the file.
pub fn check(scenario: &Scenario, played: &Played) -> Vec<Checked> {
    let seen = Seen { scenario, played };
    scenario.expectations.iter().map(|expect| checked(expect, found(expect, seen))).collect()
}

fn found(expect: &Expect, seen: Seen<'_>) -> Found {
    let of = expect.of.as_str();
    if expect.what.needs_a_run() && seen.launched(of).is_none() {
        return found::missed(expect.what.want(), format!("{of} was never started"));
    }
    match &expect.what {
        Expectation::Exit(exit) => end::exit(exit, of, seen),
        Expectation::Ends(window) => end::ends(window, of, seen),
        Expectation::Output(output) => output::check(output, of, seen),
        Expectation::Failure(wanted) => failure::failed(wanted, of, seen),
        Expectation::NoFailure => failure::none_failed(of, seen),
        Expectation::Verdict(named) => verdict::check(*named, of, seen),
        Expectation::Attempts(bounds) => attempts::count(bounds, of, seen),
        Expectation::Spacing(spacing) => attempts::spacing(spacing, of, seen),
        Expectation::Answers { after, within } => answers::check(after, within, of, seen),
        Expectation::Connections(bounds) => link::connections(bounds, of, seen),
        Expectation::Bytes { upstream, downstream } => {
            link::bytes(upstream.as_ref(), downstream.as_ref(), of, seen)
        }
        Expectation::Did { what, times } => link::did(what, times, of, seen),
        Expectation::Sockets { state, times } => sockets::check(*state, times, of, seen),
    }
}

fn checked(expect: &Expect, found: Found) -> Checked {
    Checked {
        name: expect.name.clone(),
        want: found.want,
        got: found.got,
        passed: found.passed,
        hint: expect.hint.clone(),
        points: expect.points,
        because: found.because,
    }
}

impl Expectation {
    /// Whether it asks what a program did. A link has no run, a verdict may be of an address at which nothing runs, and
    /// sockets outlive their programs.
    const fn needs_a_run(&self) -> bool {
        matches!(
            self,
            Self::Exit(_)
                | Self::Ends(_)
                | Self::Output(_)
                | Self::Failure(_)
                | Self::NoFailure
                | Self::Attempts(_)
                | Self::Spacing(_)
                | Self::Answers { .. }
        )
    }

    /// The wanted value, where nothing was seen that it could be compared with.
    pub(super) fn want(&self) -> String {
        match self {
            Self::Exit(exit) => end::want(exit),
            Self::Ends(window) => window.to_string(),
            Self::Output(output) => output::want(output),
            Self::Failure(wanted) => failure::want(wanted),
            Self::NoFailure => failure::NONE.to_owned(),
            Self::Verdict(named) => named.id().to_owned(),
            Self::Attempts(bounds) | Self::Connections(bounds) => bounds.to_string(),
            Self::Spacing(spacing) => attempts::want(spacing),
            Self::Answers { after, within } => answers::want(after, within),
            Self::Bytes { upstream, downstream } => link::want(upstream.as_ref(), downstream.as_ref()),
            Self::Did { what, times } => format!("{what}: {times}"),
            Self::Sockets { state, times } => format!("{state}: {times}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stage::{program, run};
    use super::*;
    use crate::lang::Words;
    use crate::scenario::model::{Output, WantedFailure};
    use crate::scenario::played::ENDS;

    #[test]
    fn what_a_check_says_of_an_expectation_stands_in_its_result() {
        let mut run = run([program("client")]);
        run.wrote("client", "IPIN");
        run.step(ENDS, None);
        let hint = Words { en: "Answer.".into(), id: "Jawablah.".into() };
        run.scenario.expectations = vec![Expect {
            name: Words::same("replies"),
            of: "client".into(),
            what: Expectation::Output(Output { contains: vec!["IPIN".into()], ..Output::default() }),
            hint: Some(hint.clone()),
            points: Some(10),
        }];
        let checks = check(&run.scenario, &run.played);
        assert_eq!(checks.len(), 1);
        assert_eq!(
            (checks[0].passed, checks[0].points, &checks[0].hint),
            (Some(true), Some(10), &Some(hint))
        );
        assert_eq!(checks[0].because, [1]);
    }

    #[test]
    fn nothing_that_is_asked_of_a_program_holds_of_one_that_never_ran() {
        let run = stage::Run::of([program("client")]);
        let lacks = Output { lacks: vec!["error".into()], ..Output::default() };
        for what in [
            Expectation::NoFailure,
            Expectation::Output(lacks),
            Expectation::Failure(WantedFailure::default()),
            Expectation::Attempts(crate::scenario::model::Bounds::exactly(0)),
        ] {
            let found = run.found(&what, "client");
            assert_eq!((found.passed, found.got.as_str()), (Some(false), "client was never started"));
            assert!(!found.want.is_empty());
        }
    }
}
