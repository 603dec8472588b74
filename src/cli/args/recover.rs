//! What `netfault recover` takes.

use super::values::{one_of, seed};
use crate::retry::Kind;
use clap::{Args, Subcommand};

/// `netfault recover`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault recover list                   the strategies, a line each
  netfault recover show full-jitter       its formula, its delays, when it helps and when it harms")]
pub(in crate::cli) struct Recover {
    /// What to do
    #[command(subcommand)]
    pub what: RecoverCommand,
}

/// What can be done about recovery.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RecoverCommand {
    /// List the strategies
    #[command(after_help = "Example:\n  netfault recover list --lang id")]
    List,
    /// Show a strategy: formula, parameters, the delays of a seed, when it helps and when it harms
    Show(Show),
}

/// `netfault recover show`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault recover show full-jitter
  netfault recover show aws --seed 7
  netfault recover show retry-budget --format json

The delays are those of the code that send and fetch run with --backoff and --preset.")]
pub(in crate::cli) struct Show {
    /// The strategy
    #[arg(value_parser = one_of(Kind::ALL, Kind::name))]
    pub strategy: Kind,
    /// Seed of the delays
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,
}
