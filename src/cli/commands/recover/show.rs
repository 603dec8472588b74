//! `netfault recover list` and `netfault recover show`: the strategies, and which experiments there are about them.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::recover::Experiment;
use crate::report::{self, StrategyList, StrategyPage};

/// Lists the strategies and the experiments.
pub(super) fn list(terminal: &Terminal) -> Result<Exit, Problem> {
    let experiments: Vec<&str> = Experiment::ALL.iter().map(|experiment| experiment.name).collect();
    put(&match terminal.format {
        Format::Json => report::json(&StrategyList::new(&experiments, terminal.look.lang)),
        _ => report::strategies(&experiments, &terminal.look),
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
