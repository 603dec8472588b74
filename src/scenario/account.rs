//! What a scenario came to, as a run that reports tell and that is saved. Pure.

use super::expect;
use super::model::{Expect, Scenario};
use super::played::{Played, link_actor};
use crate::lang::Words;
use crate::trace::{Checked, End, Header, Run, RunStatus, Told};
use std::time::Duration;

/// What came of playing a scenario.
#[derive(Debug)]
pub enum Came {
    /// It went to its end.
    Played(Played),
    /// It cannot run here: what it needs.
    Unsupported(Words),
    /// The set-up broke.
    Broke(Words),
    /// What is judged is not there or never got ready, and why: nothing that was expected can be met.
    Lacking(Words),
    /// It was stopped before its end, and is not judged; what there is of it.
    Stopped(Played),
}

/// The run of a scenario. `header` says where, when and by which command; `replay` is the command that plays just this
/// again.
pub fn account(scenario: &Scenario, header: Header, replay: String, seconds: Duration, came: Came) -> Run {
    let mut run = Run::new(Header { scenario: Some(told(scenario)), seed: scenario.seed, ..header });
    let end = |status, reason| Some(End { status, seconds, reason, replay });
    match came {
        Came::Played(played) => {
            run.checks = expect::check(scenario, &played);
            run.end = end(RunStatus::of(&run.checks), None);
            fill(&mut run, played);
        }
        Came::Unsupported(needs) => run.end = end(RunStatus::Unsupported, Some(needs)),
        Came::Broke(what) => run.end = end(RunStatus::Error, Some(what)),
        Came::Lacking(why) => {
            run.checks = scenario.expectations.iter().map(|expect| unmet(expect, &why.en)).collect();
            run.end = end(RunStatus::Failed, Some(why));
        }
        Came::Stopped(played) => fill(&mut run, played),
    }
    run
}

/// An expectation that cannot be met, because it never came to that.
fn unmet(expect: &Expect, why: &str) -> Checked {
    Checked {
        name: expect.name.clone(),
        want: "a program that runs".to_owned(),
        got: why.to_owned(),
        passed: Some(false),
        hint: expect.hint.clone(),
        points: expect.points,
        because: Vec::new(),
    }
}

fn fill(run: &mut Run, played: Played) {
    run.events = played.events;
    run.evidence = played.evidence;
    run.verdicts = played.verdicts;
}

fn told(scenario: &Scenario) -> Told {
    let programs = scenario.programs.iter().map(|program| program.name.clone());
    let links = scenario.links.iter().map(|link| link_actor(&link.name));
    Told {
        file: scenario.file.display().to_string(),
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        text: scenario.text.clone(),
        parameters: scenario.parameters.clone(),
        actors: programs.chain(links).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::expect::stage::{Run as Stage, link, program, run};
    use crate::scenario::model::{Exit, Expectation};
    use crate::trace::Host;
    use std::time::SystemTime;

    fn accounted(stage: Stage, came: impl FnOnce(Played) -> Came) -> Run {
        let header = Header::new(0, "netfault".into(), SystemTime::UNIX_EPOCH, Host::default());
        let came = came(stage.played);
        account(&stage.scenario, header, "again".into(), Duration::from_secs(1), came)
    }

    fn stage(code: i32) -> Stage {
        let mut stage = run([program("client")]);
        stage.exited("client", Some(code), None, None);
        stage.scenario.links.push(link("path", "client", "server"));
        let what = Expectation::Exit(Exit::Code(0));
        stage.scenario.expectations =
            vec![Expect { name: Words::same("exit"), of: "client".into(), what, hint: None, points: None }];
        stage
    }

    #[test]
    fn a_run_that_was_played_is_judged() {
        for (code, status) in [(0, RunStatus::Passed), (1, RunStatus::Failed)] {
            let run = accounted(stage(code), Came::Played);
            let end = run.end.as_ref().unwrap();
            assert_eq!((end.status, end.replay.as_str(), run.header.seed), (status, "again", 1));
            assert_eq!((run.checks.len(), run.events.len()), (1, 2));
            assert_eq!(run.header.scenario.unwrap().actors, ["client", "link path"]);
        }
    }

    #[test]
    fn what_broke_is_no_failure_and_what_was_stopped_has_no_end() {
        let broke = accounted(stage(0), |_| Came::Broke(Words::same("no port")));
        assert_eq!(broke.end.unwrap().status, RunStatus::Error);
        let needs = accounted(stage(0), |_| Came::Unsupported(Words::same("a network")));
        assert_eq!(needs.end.unwrap().status, RunStatus::Unsupported);
        let hung = accounted(stage(0), |_| Came::Lacking(Words::same("no socket")));
        assert_eq!((hung.checks[0].passed, hung.checks[0].got.as_str()), (Some(false), "no socket"));
        assert_eq!(hung.end.unwrap().status, RunStatus::Failed);
        let stopped = accounted(stage(0), Came::Stopped);
        assert_eq!((stopped.end, stopped.checks.len(), stopped.events.len()), (None, 0, 2));
    }
}
