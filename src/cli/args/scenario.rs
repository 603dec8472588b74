//! What `netfault scenario` takes.

mod grade;
mod run;

pub(in crate::cli) use grade::Grade;
pub(in crate::cli) use run::Run;

use super::values::{seed, setting};
use clap::{Args, Subcommand};

/// `netfault scenario`
#[derive(Debug, Args)]
pub(in crate::cli) struct Scenario {
    /// What to do
    #[command(subcommand)]
    pub action: Action,
}

/// What can be done with scenarios.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Action {
    /// Play scenarios and judge them
    Run(Run),
    /// Grade a folder of submissions
    Grade(Grade),
}

/// What a scenario leaves to whoever runs it.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Given {
    /// The value of a parameter; may be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
    /// Seed of everything random [default: the scenario's]
    #[arg(long, value_name = "N", value_parser = seed)]
    pub seed: Option<u64>,
}
