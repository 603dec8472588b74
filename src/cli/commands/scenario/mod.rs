//! `netfault scenario`: what can be done with scripted scenarios, one thing a file.

mod files;
mod grade;
mod list;
mod load;
mod new;
mod player;
mod progress;
mod results;
mod run;
mod schema;
mod shell;
mod validate;

use crate::cli::args::{self, ScenarioCommand};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Scenario, terminal: &Terminal) -> Result<Exit, Problem> {
    match &args.what {
        ScenarioCommand::Run(args) => run::run(args, terminal),
        ScenarioCommand::Grade(args) => grade::run(args, terminal),
        ScenarioCommand::Shell(args) => shell::run(args, terminal),
        ScenarioCommand::Validate(args) => validate::run(args, terminal),
        ScenarioCommand::List(args) => list::run(args, terminal),
        ScenarioCommand::New(args) => new::run(args, terminal),
        ScenarioCommand::Schema => schema::run(),
    }
}
