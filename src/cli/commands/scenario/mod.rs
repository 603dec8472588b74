//! `netfault scenario`: one action a file.

mod grade;
mod load;
mod player;
mod progress;
mod results;
mod run;

use crate::cli::args::{self, Action};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Scenario, terminal: &Terminal) -> Result<Exit, Problem> {
    match &args.action {
        Action::Run(args) => run::run(args, terminal),
        Action::Grade(args) => grade::run(args, terminal),
    }
}
