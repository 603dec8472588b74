//! What `netfault scenario` takes.

mod grade;
mod run;

pub(in crate::cli) use grade::Grade;
pub(in crate::cli) use run::Run;

use super::values::seed;
use crate::scenario::Given;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `netfault scenario`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault scenario run scenarios         play all of them
  netfault scenario list                  what there is in the folder scenarios, and what it teaches
  netfault scenario new late-server       a scenario to begin with
  netfault scenario validate scenarios    every mistake, with its line; runs nothing

The language is explained in docs/scenarios.md.")]
pub(in crate::cli) struct Scenario {
    /// What to do
    #[command(subcommand)]
    pub what: ScenarioCommand,
}

/// What can be done with scenarios.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ScenarioCommand {
    /// Play scenarios and judge what comes of them
    Run(Run),
    /// Grade a folder of submissions
    Grade(Grade),
    /// A shell on a host of a scenario's virtual network
    Shell(Shell),
    /// Say what is wrong with scenarios, without running anything
    Validate(Validate),
    /// List scenarios: what they are about, what they teach, how long they take
    List(List),
    /// Write a commented scenario that works, to begin with
    New(New),
    /// Print the JSON Schema of the language, with which editors complete and check
    #[command(after_help = "\
Example:
  netfault scenario schema > scenario.schema.json
                                          and as the first line of a scenario:
                                          #:schema ./scenario.schema.json")]
    Schema,
}

/// `netfault scenario shell`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault scenario shell scenarios/network/dead-peer.toml --host client
                                          sets the network up, which goes when the shell ends
  netfault scenario shell scenarios/network/dead-peer.toml --host server
                                          in another terminal: onto another host of the same network

The prompt says which host it is. Its programs are not started: they are yours to start.")]
pub(in crate::cli) struct Shell {
    /// The scenario, or a file with hosts and links
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The host
    #[arg(long, value_name = "NAME")]
    pub host: String,
    /// Where all randomness comes from, instead of the seed of the scenario
    #[arg(long, value_name = "N", value_parser = seed)]
    pub seed: Option<u64>,
}

/// `netfault scenario validate`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault scenario validate late.toml
  netfault scenario validate scenarios    every scenario of a folder, and of the folders in it
  netfault scenario validate task.toml --set client='python3 client.py'

Exit codes: 0 all are valid, 2 one is not, 3 nothing was selected.")]
pub(in crate::cli) struct Validate {
    /// Files, and folders of them
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Values that would be given to a run
    #[command(flatten)]
    pub values: Values,
}

/// `netfault scenario list`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault scenario list                  the folder scenarios
  netfault scenario list labs late.toml --lang id
  netfault scenario list --format json")]
pub(in crate::cli) struct List {
    /// Folders and files [default: scenarios]
    #[arg(value_name = "DIR|FILE")]
    pub files: Vec<PathBuf>,
}

/// `netfault scenario new`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault scenario new late-server       writes scenarios/late-server.toml
  netfault scenario new task7 --dir labs")]
pub(in crate::cli) struct New {
    /// Its name: letters, digits, - and _, beginning with a letter
    #[arg(value_parser = name)]
    pub name: String,
    /// The folder; it is made if it is not there
    #[arg(long, value_name = "DIR", default_value = "scenarios")]
    pub dir: PathBuf,
}

/// Values of a scenario that are given on the command line.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Values {
    /// A value of a parameter that the scenario declares; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    pub set: Vec<(String, String)>,
    /// Where all randomness comes from, instead of the seed of the scenario
    #[arg(long, value_name = "N", value_parser = seed)]
    pub seed: Option<u64>,
}

impl Values {
    /// The same for a scenario; of two values of one parameter the last counts.
    pub(in crate::cli) fn given(&self) -> Given {
        Given { set: self.set.iter().cloned().collect(), seed: self.seed }
    }
}

fn assignment(given: &str) -> Result<(String, String), String> {
    match given.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err(format!("{given:?} is no NAME=VALUE; expected one such as client=naive-send")),
    }
}

fn name(given: &str) -> Result<String, String> {
    if crate::scenario::is_name(given) {
        return Ok(given.to_owned());
    }
    let stem = given.strip_suffix(".toml").filter(|stem| crate::scenario::is_name(stem));
    let hint = stem.map(|stem| format!("; did you mean {stem}?")).unwrap_or_default();
    Err(format!("expected letters, digits, - and _, beginning with a letter{hint}"))
}
