//! The table of points for the terminal, and below it what each submission came to.

use super::Graded;
use crate::knowledge;
use crate::report::{Look, run};
use crate::trace::{Run, RunStatus};
use std::fmt::Write as _;

/// The widest name that is shown whole.
const WIDEST: usize = 30;

/// The table, and every submission that is not whole with what helps.
pub fn text(graded: &[Graded], look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let names: Vec<String> = graded.iter().map(|graded| cut(&graded.student)).collect();
    let width = names.iter().map(|name| name.chars().count()).chain([terms.student.chars().count()]).max();
    let width = width.unwrap_or_default();
    let cells = |points: &str, of: &str| format!("{points:>8}  {of:>8}");
    let head = format!("{:width$}  {}  {}", terms.student, cells(terms.points, terms.of), terms.status);
    let mut table = look.faint(head.trim_end()) + "\n";
    for (name, graded) in names.iter().zip(graded) {
        let points = match graded.points() {
            Some(points) => cells(&points.got.to_string(), &points.of.to_string()),
            None => cells("–", "–"),
        };
        let status = match graded.status() {
            RunStatus::Passed => look.good(terms.passed),
            RunStatus::Failed => look.bad(terms.failed),
            RunStatus::Error => look.bad(&format!("{}: {}", terms.error, terms.not_graded)),
            RunStatus::Unsupported => look.doubtful(&format!("{}: {}", terms.unsupported, terms.not_graded)),
        };
        let _ = writeln!(table, "{name:width$}  {points}  {status}");
    }
    let runs: Vec<Run> = graded.iter().map(|graded| graded.run.clone()).collect();
    format!("{table}\n{}", run::text(&runs, look))
}

/// A folder's name may be long.
fn cut(name: &str) -> String {
    let mut letters = name.chars();
    let start: String = letters.by_ref().take(WIDEST).collect();
    if letters.next().is_some() { start + "…" } else { start }
}
