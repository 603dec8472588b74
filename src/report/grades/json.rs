//! Graded submissions for scripts.

use super::Graded;
use crate::lang::Lang;
use crate::report::run::Check;
use crate::trace::{Points, RunStatus};
use serde::Serialize;

/// `{"submissions":[…]}`, the words in `lang`. What was not graded has `null` for points.
pub fn json(graded: &[Graded], lang: Lang) -> impl Serialize {
    Submissions { submissions: graded.iter().map(|graded| Submission::of(graded, lang)).collect() }
}

#[derive(Serialize)]
struct Submissions<'a> {
    submissions: Vec<Submission<'a>>,
}

#[derive(Serialize)]
struct Submission<'a> {
    student: &'a str,
    status: RunStatus,
    points: Option<Points>,
    seed: u64,
    checks: Vec<Check<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    replay: Option<&'a str>,
}

impl<'a> Submission<'a> {
    fn of(graded: &'a Graded, lang: Lang) -> Self {
        let end = graded.run.end.as_ref();
        Self {
            student: &graded.student,
            status: graded.status(),
            points: graded.points(),
            seed: graded.run.header.seed,
            checks: graded.run.checks.iter().map(|checked| Check::of(checked, lang)).collect(),
            reason: end.and_then(|end| end.reason.as_ref()).map(|reason| reason.text(lang)),
            replay: end.map(|end| end.replay.as_str()),
        }
    }
}
