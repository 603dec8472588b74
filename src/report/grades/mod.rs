//! Graded submissions: a table of points, and what each student can act on. Pure.

mod csv;
mod json;
mod text;

pub use csv::csv;
pub use json::json;
pub use text::text;

use crate::trace::{Points, Run, RunStatus};

/// A graded submission.
#[derive(Clone, Debug)]
pub struct Graded {
    /// Whose: the name of a folder, which may hold anything.
    pub student: String,
    /// What came of it.
    pub run: Run,
}

impl Graded {
    /// How it ended. A run without an end was cut off.
    pub fn status(&self) -> RunStatus {
        self.run.end.as_ref().map_or(RunStatus::Error, |end| end.status)
    }

    /// The points. What broke or cannot be told here was not graded: nobody's wrong answer.
    pub fn points(&self) -> Option<Points> {
        let is_graded = matches!(self.status(), RunStatus::Passed | RunStatus::Failed);
        self.run.points().filter(|_| is_graded)
    }
}
