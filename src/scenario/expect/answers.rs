//! `answers`: a program says something again after a step, in time.

use super::found::{Found, duration, missed};
use super::seen::{Seen, Written, shortened};
use crate::failure::Op;
use crate::scenario::model::{Action, Window};
use crate::trace::{Event, Stream, What};

/// How the builtin `ask` begins a line that is no answer.
const FAILED: &str = "failed ";

/// The first answer on stdout after the step must come in the window, which begins with the step. Of a program that
/// records its calls, what it received before the step is no answer, however late it wrote it down; and what a
/// program that the step restarts still answered before it ended is none either.
pub(super) fn check(after: &str, window: &Window, program: &str, seen: Seen<'_>) -> Found {
    let want = want(after, window);
    let Some(step) = seen.step(after) else {
        return missed(want, format!("the step {after} was not taken"));
    };
    let lines = || seen.written(program, Some(Stream::Stdout)).filter(|line| line.event.seq > step.seq);
    let begins = done(after, step, seen);
    let received = seen
        .of(program)
        .find(|event| begins.is_some_and(|begins| event.seq > begins) && is_receipt(&event.what));
    let is_fresh = |line: &Written<'_>| match received {
        Some(received) => line.event.seq > received.seq,
        None => !seen.is_traced(program) && begins.is_some_and(|begins| line.event.seq > begins),
    };
    if let Some(answer) = lines().find(|line| is_fresh(line) && !line.text.starts_with(FAILED)) {
        let took = answer.event.at.saturating_sub(step.at);
        let got = format!("{} after {}", shortened(answer.text), duration(took));
        return Found::new(want, got, window.contains(took)).because([step.seq, answer.event.seq]);
    }
    let failed: Vec<usize> = lines().map(|line| line.event.seq).collect();
    let got = match lines().last() {
        Some(last) => format!("no answer; the last of {}: {}", failed.len(), shortened(last.text)),
        None => "nothing was written after it".to_owned(),
    };
    missed(want, got).because(std::iter::once(step.seq).chain(failed))
}

/// The event from which on the step has taken effect: itself, but for a restart the end of what ran, which may answer
/// until then. `None` when that never came.
fn done(name: &str, step: &Event, seen: Seen<'_>) -> Option<usize> {
    let restarted = seen.scenario.steps.iter().find_map(|it| match &it.action {
        Action::Rebind(program) if it.name.as_deref() == Some(name) => Some(program),
        _ => None,
    });
    let Some(restarted) = restarted else { return Some(step.seq) };
    let is_other_life = |what: &What| matches!(what, What::Exited { .. } | What::Launched { .. });
    seen.of(restarted).find(|event| event.seq > step.seq && is_other_life(&event.what)).map(|event| event.seq)
}

fn is_receipt(what: &What) -> bool {
    matches!(what, What::Finished { call, bytes: Some(1..) } if call.op == Op::Receive)
}

/// What is wanted, in words.
pub(super) fn want(after: &str, window: &Window) -> String {
    format!("an answer after the step {after}: {window}")
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Run, own, run};
    use super::*;
    use crate::scenario::model::{Expectation, Step, When};
    use proptest::prelude::*;
    use std::time::Duration;

    fn asks(lines: &[(u64, &str)]) -> Run {
        let mut run = run([own("ask")]);
        run.wrote("ask", "ok before");
        run.after(1000).step("heal path", Some("mended"));
        for (after, line) in lines {
            run.after(*after).wrote("ask", line);
        }
        run
    }

    fn within(limit: u64, tolerance: u64) -> Expectation {
        let ms = Duration::from_millis;
        let within = Window { not_before: None, within: Some(ms(limit)), tolerance: ms(tolerance) };
        Expectation::Answers { after: "mended".into(), within }
    }

    #[test]
    fn the_first_answer_after_the_step_counts() {
        let run = asks(&[(100, "failed ETIMEDOUT"), (300, "ok IPIN"), (5000, "ok IPIN")]);
        let found = run.found(&within(400, 0), "ask");
        assert_eq!((found.passed, found.got.as_str()), (Some(true), "\"ok IPIN\" after 400ms"));
        assert_eq!(found.because, [2, 4]);
        assert_eq!(run.found(&within(399, 0), "ask").passed, Some(false));
    }

    #[test]
    fn failures_and_silence_are_no_answer() {
        let found = asks(&[(1, "failed ECONNREFUSED")]).found(&within(1000, 0), "ask");
        assert_eq!(found.got, "no answer; the last of 1: \"failed ECONNREFUSED\"");
        assert_eq!(found.passed, Some(false));
        assert_eq!(asks(&[]).found(&within(1000, 0), "ask").passed, Some(false));
    }

    #[test]
    fn what_came_before_the_step_is_no_answer_when_it_is_written_after_it() {
        let mut run = run([own("ask")]);
        run.received("ask", 5);
        run.step("rebind server", Some("mended"));
        run.after(1).wrote("ask", "ok stale");
        assert_eq!(run.found(&within(1000, 0), "ask").passed, Some(false));
        run.after(99).received("ask", 5);
        run.after(1).wrote("ask", "ok fresh");
        let found = run.found(&within(1000, 0), "ask");
        assert_eq!((found.passed, found.got.as_str()), (Some(true), "\"ok fresh\" after 101ms"));
    }

    #[test]
    fn what_a_program_answers_before_its_restart_ends_it_is_no_answer() {
        let mut run = run([own("ask"), own("server")]);
        let (when, action) = (When::At(Duration::ZERO), Action::Rebind("server".into()));
        run.scenario.steps.push(Step { name: Some("mended".into()), when, action });
        run.received("ask", 5);
        run.step("rebind server", Some("mended"));
        // It was under way, and comes after the step.
        run.received("ask", 5);
        run.wrote("ask", "ok old");
        assert_eq!(run.found(&within(1000, 0), "ask").passed, Some(false), "it never ended");
        run.after(2).exited("server", Some(0), None, None);
        assert_eq!(run.found(&within(1000, 0), "ask").passed, Some(false));
        run.after(48).received("ask", 5);
        run.wrote("ask", "ok new");
        let found = run.found(&within(1000, 0), "ask");
        assert_eq!((found.passed, found.got.as_str()), (Some(true), "\"ok new\" after 50ms"));
    }

    #[test]
    fn an_answer_to_a_step_that_was_not_taken_is_none() {
        let mut run = run([own("ask")]);
        run.wrote("ask", "ok IPIN");
        let found = run.found(&within(1000, 0), "ask");
        assert_eq!((found.passed, found.got.as_str()), (Some(false), "the step mended was not taken"));
    }

    proptest! {
        #[test]
        fn the_tolerance_is_the_last_moment(limit in 0u64..3000, tolerance in 0u64..500) {
            let at_edge = asks(&[(limit + tolerance, "ok")]);
            prop_assert_eq!(at_edge.found(&within(limit, tolerance), "ask").passed, Some(true));
            let too_late = asks(&[(limit + tolerance + 1, "ok")]);
            prop_assert_eq!(too_late.found(&within(limit, tolerance), "ask").passed, Some(false));
        }
    }
}
