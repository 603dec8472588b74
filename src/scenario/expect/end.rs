//! `exit` and `ends`: how a program ended, and when.

use super::found::{Found, duration, missed};
use super::seen::{Seen, how, running_for};
use crate::scenario::model::{Exit, Window};
use crate::trace::What;

/// How it ended, before the timeline did or when it was stopped after that.
pub(super) fn exit(wanted: &Exit, program: &str, seen: Seen<'_>) -> Found {
    let want = want(wanted);
    let exited = seen.exited(program);
    let in_time = exited.filter(|event| seen.is_in_time(event));
    let Some(event) = (if *wanted == Exit::Running { in_time } else { exited }) else {
        let running = running_for(seen, program);
        return Found::new(want, running, *wanted == Exit::Running)
            .because(seen.launched(program).map(|event| event.seq));
    };
    let What::Exited { code, signal, limit } = &event.what else { return missed(want, "no end") };
    let passed = match wanted {
        Exit::Code(wanted) => limit.is_none() && *code == Some(*wanted),
        // What the runner stops at the end of the timeline has not failed.
        Exit::Failure => {
            limit.is_none() && (code.is_some_and(|code| code != 0) || (signal.is_some() && in_time.is_some()))
        }
        Exit::Limit(wanted) => limit.as_ref() == Some(wanted),
        Exit::Signal(wanted) => limit.is_none() && signal.as_ref() == Some(wanted),
        Exit::Running => false,
    };
    let got = match in_time {
        Some(_) => how(event),
        None => format!("{}; then {}", running_for(seen, program), how(event)),
    };
    Found::new(want, got, passed).because([event.seq])
}

/// How long it ran. What was still running when the timeline ended had not ended, however soon that was.
pub(super) fn ends(window: &Window, program: &str, seen: Seen<'_>) -> Found {
    let want = window.to_string();
    match seen.exited(program).filter(|event| seen.is_in_time(event)) {
        Some(exited) => {
            let ran = seen.age(program, exited);
            let got = format!("{} ({})", duration(ran), how(exited));
            let launched = seen.launched(program).map(|event| event.seq);
            Found::new(want, got, window.contains(ran)).because(launched.into_iter().chain([exited.seq]))
        }
        None => {
            missed(want, running_for(seen, program)).because(seen.launched(program).map(|event| event.seq))
        }
    }
}

/// A wanted end in words.
pub(super) fn want(exit: &Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exit code {code}"),
        Exit::Failure => "an exit code other than 0, or a signal".to_owned(),
        Exit::Limit(limit) => format!("{limit} limit"),
        Exit::Signal(signal) => format!("ended by {signal}"),
        Exit::Running => "still running when the timeline ends".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::stage::{Run, program, run};
    use super::*;
    use crate::scenario::model::Expectation;
    use crate::scenario::played::ENDS;
    use std::time::Duration;

    fn ended(code: Option<i32>, signal: Option<&str>, limit: Option<&str>) -> Run {
        let mut run = run([program("client")]);
        run.exited("client", code, signal, limit);
        run.step(ENDS, None);
        run
    }

    fn stopped(code: Option<i32>, signal: Option<&str>) -> Run {
        let mut run = run([program("client")]);
        run.step(ENDS, None);
        run.exited("client", code, signal, None);
        run
    }

    fn passed(run: &Run, exit: Exit) -> Option<bool> {
        run.found(&Expectation::Exit(exit), "client").passed
    }

    #[test]
    fn an_exit_code_is_met_by_itself_only() {
        let run = ended(Some(1), None, None);
        assert_eq!(passed(&run, Exit::Code(1)), Some(true));
        assert_eq!(passed(&run, Exit::Code(0)), Some(false));
        assert_eq!(passed(&run, Exit::Failure), Some(true));
        assert_eq!(passed(&run, Exit::Running), Some(false));
        let found = run.found(&Expectation::Exit(Exit::Code(0)), "client");
        assert_eq!((found.got.as_str(), found.because.as_slice()), ("exit code 1", &[1][..]));
    }

    #[test]
    fn success_is_no_failure_and_neither_is_a_limit() {
        assert_eq!(passed(&ended(Some(0), None, None), Exit::Failure), Some(false));
        let over = ended(None, Some("SIGKILL"), Some("memory"));
        assert_eq!(passed(&over, Exit::Failure), Some(false));
        assert_eq!(passed(&over, Exit::Signal("SIGKILL".into())), Some(false));
        assert_eq!(passed(&over, Exit::Limit("memory".into())), Some(true));
        assert_eq!(passed(&over, Exit::Limit("time".into())), Some(false));
    }

    #[test]
    fn a_signal_is_a_failure_unless_it_ended_the_timeline() {
        let crashed = ended(None, Some("SIGSEGV"), None);
        assert_eq!(passed(&crashed, Exit::Failure), Some(true));
        assert_eq!(passed(&crashed, Exit::Signal("SIGSEGV".into())), Some(true));
        let stopped = stopped(None, Some("SIGTERM"));
        assert_eq!(passed(&stopped, Exit::Failure), Some(false));
        assert_eq!(passed(&stopped, Exit::Signal("SIGTERM".into())), Some(true));
    }

    #[test]
    fn what_was_stopped_after_the_timeline_was_running() {
        let run = stopped(Some(0), None);
        assert_eq!(passed(&run, Exit::Running), Some(true));
        assert_eq!(passed(&run, Exit::Code(0)), Some(true));
        assert!(run.found(&Expectation::Exit(Exit::Code(3)), "client").got.contains("still running"));
    }

    fn window(not_before: Option<u64>, within: Option<u64>) -> Expectation {
        let ms = Duration::from_millis;
        let (not_before, within) = (not_before.map(ms), within.map(ms));
        Expectation::Ends(Window { not_before, within, tolerance: ms(100) })
    }

    #[test]
    fn the_time_of_a_run_counts_from_its_last_start() {
        let mut run = run([program("client")]);
        run.after(2000).exited("client", Some(1), None, None);
        run.launched("client");
        run.after(500).exited("client", Some(0), None, None);
        run.after(5000).step(ENDS, None);
        for (expected, passed) in [
            (window(Some(500), Some(500)), true),
            (window(Some(600), None), true),
            (window(Some(601), None), false),
            (window(None, Some(400)), true),
            (window(None, Some(399)), false),
        ] {
            assert_eq!(run.found(&expected, "client").passed, Some(passed), "{expected:?}");
        }
        assert_eq!(run.found(&window(None, Some(1)), "client").got, "500ms (exit code 0)");
    }

    #[test]
    fn a_program_that_had_to_be_stopped_has_not_ended() {
        let mut run = run([program("client")]);
        run.after(50).step(ENDS, None);
        run.exited("client", None, Some("SIGTERM"), None);
        let found = run.found(&window(None, Some(1000)), "client");
        assert_eq!(
            (found.passed, found.got.as_str()),
            (Some(false), "still running after 50ms, when the timeline ended")
        );
    }
}
