//! `netfault recover list` and `netfault recover show`: the strategies.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::report::{self, StrategyList, StrategyPage};

/// Lists the strategies.
pub(super) fn list(terminal: &Terminal) -> Result<Exit, Problem> {
    put(&match terminal.format {
        Format::Json => report::json(&StrategyList::new(terminal.look.lang)),
        _ => report::strategies(&terminal.look),
    })?;
    Ok(Exit::Success)
}

/// Shows one.
pub(super) fn run(args: &args::Show, terminal: &Terminal) -> Result<Exit, Problem> {
    let args::Show { strategy, seed } = args;
    put(&match terminal.format {
        Format::Json => report::json(&StrategyPage::new(*strategy, *seed, terminal.look.lang)),
        _ => report::strategy(*strategy, *seed, &terminal.look),
    })?;
    Ok(Exit::Success)
}
