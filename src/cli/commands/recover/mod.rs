//! `netfault recover`: what can be done about recovery, one thing a file.

mod lesson;
mod run;
mod show;

use crate::cli::args::{self, RecoverCommand};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Recover, terminal: &Terminal) -> Result<Exit, Problem> {
    match &args.what {
        RecoverCommand::List => show::list(terminal),
        RecoverCommand::Show(args) => show::run(args, terminal),
        RecoverCommand::Run(args) => run::run(args, terminal),
        RecoverCommand::Lesson(args) => lesson::run(args, terminal),
    }
}
