//! What `netfault recover` takes.

use super::values::{one_of, seed};
use crate::recover::{Experiment, lesson};
use crate::retry::Kind;
use clap::{Args, Subcommand};
use std::num::NonZeroUsize;

/// `netfault recover`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault recover list                   the strategies and the experiments, a line each
  netfault recover show full-jitter       its formula, its delays, when it helps and when it harms
  netfault recover run metastable         a short stall, and why retries keep a service down
  netfault recover run --all              every experiment, and whether what it claims holds here
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
    /// List the strategies and the experiments
    #[command(after_help = "Example:\n  netfault recover list --lang id")]
    List,
    /// Show a strategy: formula, parameters, the delays of a seed, when it helps and when it harms
    Show(Show),
    /// Play experiments that compare strategies, and check what they claim
    Run(Play),
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

/// `netfault recover run`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault recover run metastable
  netfault recover run hedging deadlines --runs 20 --seed 7
  netfault recover run metastable --strategy once --strategy budget
  netfault recover run metastable --set stall=500ms --set load=40
  netfault recover run load-shedding --engine real   over sockets on loopback, in half a minute at most
  netfault recover run --all --format json
  netfault recover run metastable --format html > metastable.html

A simulation is the same for the same seed, on every machine. Over sockets time goes faster than in \
the world of an experiment, and the numbers are those of this machine. Strategies are the arms that \
an experiment compares; a wrong key of --set is answered with those there are.

Exit codes: 0 every claim holds, 1 one does not, 2 wrong usage, 3 nothing that was measured means \
anything.")]
pub(in crate::cli) struct Play {
    /// The experiments; `recover list` names them
    #[arg(value_name = "EXPERIMENT", value_parser = one_of(Experiment::ALL, |experiment| experiment.name),
          required_unless_present = "all")]
    pub experiments: Vec<Experiment>,
    /// Every experiment
    #[arg(long, conflicts_with = "experiments")]
    pub all: bool,
    /// Play only this arm; may be given several times
    #[arg(long, value_name = "S")]
    pub strategy: Vec<String>,
    /// What plays it: virtual time, or real sockets
    #[arg(long, value_name = "ENGINE", default_value = "simulated", value_parser = one_of(Engine::ALL, Engine::name))]
    pub engine: Engine,
    /// Runs of each arm, each with a seed of its own [default: 5; with real sockets 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub runs: Option<u32>,
    /// Seed of the first run
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,
    /// Change a number of the experiment, such as load=40 or timeout=100ms; may be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,
}

/// What plays an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Engine {
    /// Virtual time.
    Simulated,
    /// Real sockets.
    Real,
}

impl Engine {
    /// Every engine.
    pub(in crate::cli) const ALL: &[Self] = &[Self::Simulated, Self::Real];

    /// The word on the command line.
    pub(in crate::cli) const fn name(self) -> &'static str {
        match self {
            Self::Simulated => "simulated",
            Self::Real => "real",
        }
    }
}

/// `key=value`
fn pair(given: &str) -> Result<(String, String), String> {
    match given.split_once('=') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(format!("{given:?} is no number to set; expected KEY=VALUE, such as load=40")),
    }
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

Without a terminal nothing is asked: every choice is tried. Everything happens on this host's \
loopback.

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
