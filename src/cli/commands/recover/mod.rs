//! `netfault recover`: what helps against a fault, one way of showing it a file.

mod lesson;

use crate::cli::args::{self, RecoverCommand};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Recover, terminal: &Terminal) -> Result<Exit, Problem> {
    match &args.what {
        RecoverCommand::Lesson(args) => lesson::run(args, terminal),
    }
}
