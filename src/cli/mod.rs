//! Arguments in, bytes and exit codes out. The only room that prints.

mod args;
mod commands;
mod exit;
mod log;
mod output;
mod terminal;
mod trace;

use crate::scenario::runner;
use crate::vnet;
use args::{Cli, Command};
use exit::{Exit, Problem};
use std::process::ExitCode;
use std::{env, io};
use terminal::Terminal;

/// Runs the program.
pub fn main() -> ExitCode {
    let errand = || runner::errand(env::args_os().skip(1), io::stdin(), io::stdout());
    if let Some(done) = vnet::enter().or_else(errand) {
        return done;
    }
    let ended = match args::parse() {
        Ok(cli) => {
            let terminal = Terminal::new(&cli.common);
            log::start(&cli.common);
            run(cli, &terminal).unwrap_or_else(|problem| {
                terminal.complain(&problem);
                problem.exit
            })
        }
        Err(said) => Terminal::new(&args::asked_for()).usage(&said),
    };
    ended.into()
}

fn run(cli: Cli, terminal: &Terminal) -> Result<Exit, Problem> {
    let formats = cli.command.formats();
    if !formats.contains(&terminal.format) {
        let mut known: Vec<&str> = formats.iter().map(|format| format.name()).collect();
        let last = known.pop().unwrap_or_default();
        let what = format!("this command has no format {}", terminal.format.name());
        return Err(Problem::new(Exit::Usage, what).hint(format!("It has {} and {last}.", known.join(", "))));
    }
    if !cli.command.ends_itself() {
        end_when_interrupted()?;
    }
    match cli.command {
        Command::Reproduce(args) => commands::reproduce::run(&args, terminal),
        Command::Recover(args) => commands::recover::run(&args, terminal),
        Command::Explain(args) => commands::explain::run(&args, terminal),
        Command::Diagnose(args) => commands::diagnose::run(&args, terminal),
        Command::Serve(args) => commands::serve::run(&args, terminal),
        Command::Load(args) => commands::load::run(&args, terminal),
        Command::Proxy(args) => commands::proxy::run(&args, terminal),
        Command::Peer(args) => commands::peer::run(&args, terminal),
        Command::Send(args) => commands::send::run(&args, terminal),
        Command::Fetch(args) => commands::fetch::run(&args, terminal),
        Command::Render(args) => commands::render::run(&args, terminal),
        Command::Net(args) => commands::net::run(&args, terminal),
        Command::Scenario(args) => commands::scenario::run(&args, terminal),
        Command::Completions { shell } => commands::print::completions(shell),
        Command::Man => commands::print::manual(),
    }
}

/// Ctrl-C ends the program at once: its sockets close with it, and a result file is there whole or not at all.
fn end_when_interrupted() -> Result<(), Problem> {
    let end = || {
        output::abandon();
        Exit::Interrupted.now()
    };
    ctrlc::set_handler(end)
        .map_err(|error| Problem::new(Exit::Internal, format!("cannot wait for signals: {error}")))
}
