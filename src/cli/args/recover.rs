//! What `netfault recover` takes.

use super::values::{one_of, seed};
use crate::recover::lesson;
use crate::retry::Kind;
use clap::{Args, Subcommand};
use std::num::NonZeroUsize;

/// `netfault recover`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault recover list                   the strategies, a line each
  netfault recover show full-jitter       its formula, its delays, when it helps and when it harms
  netfault recover lesson timeout         a failure, and what you would do about it
  netfault recover lesson refused --all --lang id")]
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
    /// Meet one of the three errors of the course, choose what to do, and see what comes of it
    Lesson(Lesson),
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

/// `netfault recover lesson`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault recover lesson timeout                  asks what you would do, and does it for real
  netfault recover lesson connection-refused --all every choice in order, nothing asked
  netfault recover lesson in-use --choose 4 --choose 5
  netfault recover lesson refused --lang id        in Indonesian
  netfault recover lesson timeout --format json

Without a terminal nothing is asked: every choice is tried. Everything happens on this host's loopback.
Exit codes: 0 all went as the lesson says, 1 something did not, 2 wrong usage, 3 cannot run here.")]
pub(in crate::cli) struct Lesson {
    /// The error: timeout, connection-refused or address-in-use, or another word for it
    #[arg(value_name = "LESSON", value_parser = |given: &str| given.parse::<lesson::Lesson>())]
    pub about: lesson::Lesson,
    /// Try every choice in order, and ask nothing
    #[arg(long)]
    pub all: bool,
    /// Try the choice of this number, and ask nothing; may be given several times
    #[arg(long, value_name = "N", conflicts_with = "all")]
    pub choose: Vec<NonZeroUsize>,
    /// Seed of the retry delays
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,
}
