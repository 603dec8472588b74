//! Where reports go, and which exit code follows from the runs.

use crate::cli::exit::{Exit, Problem};
use crate::cli::output::Output;
use crate::cli::terminal::put;
use crate::trace::RunStatus;
use std::path::Path;

/// A file beside the report, if one was asked for; that it can be made is known before anything runs.
pub(super) struct Beside(Option<Output>);

impl Beside {
    pub(super) fn at(path: Option<&Path>) -> Result<Self, Problem> {
        path.map(Output::to).transpose().map(Self)
    }

    /// Whether it was asked for.
    pub(super) fn is_wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Writes it, if it was asked for.
    pub(super) fn write(self, content: impl FnOnce() -> String) -> Result<(), Problem> {
        self.0.map_or(Ok(()), |output| output.write(&content()))
    }

    /// Writes it, or to stdout.
    pub(super) fn write_or_put(self, content: &str) -> Result<(), Problem> {
        match self.0 {
            Some(output) => output.write(content),
            None => put(content),
        }
    }
}

/// A wrong answer outweighs a set-up that broke, which outweighs what cannot run or be told here, and that outweighs
/// success. Nothing is no success.
pub(super) fn exit_of(statuses: &[RunStatus]) -> Exit {
    let any = |status| statuses.contains(&status);
    if any(RunStatus::Failed) {
        Exit::Fault
    } else if any(RunStatus::Error) {
        Exit::Internal
    } else if any(RunStatus::Unsupported) || statuses.is_empty() {
        Exit::Unsupported
    } else {
        Exit::Success
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RunStatus::{Error, Failed, Passed, Unsupported};

    #[test]
    fn the_worst_that_came_decides() {
        for (statuses, exit) in [
            (&[Passed, Passed][..], Exit::Success),
            (&[Passed, Unsupported], Exit::Unsupported),
            (&[Unsupported, Error, Passed], Exit::Internal),
            (&[Error, Failed, Unsupported], Exit::Fault),
            (&[], Exit::Unsupported),
        ] {
            assert_eq!(exit_of(statuses), exit, "{statuses:?}");
        }
    }
}
