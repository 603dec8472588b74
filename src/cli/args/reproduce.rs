//! What `netfault reproduce` takes.

use super::values::{one_of, seed};
use crate::fault::Named;
use crate::reproduce::{Clients, Network};
use clap::Args;
use std::path::PathBuf;

/// `netfault reproduce`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault reproduce                            all of timeout, connection-refused, address-in-use
  netfault reproduce address-in-use/time-wait   one fault
  netfault reproduce --list                     what there is
  netfault reproduce --format json --output outcomes.json
  netfault reproduce refused --lang id          explained in Indonesian")]
pub(in crate::cli) struct Reproduce {
    /// Faults or families: an id of --list, an errno such as ECONNREFUSED, or a word such as refused
    #[arg(value_name = "FAULT|FAMILY", value_parser = |given: &str| given.parse::<Named>())]
    pub names: Vec<Named>,
    /// Every fault there is
    #[arg(long, conflicts_with = "names")]
    pub all: bool,
    /// List the faults and do nothing
    #[arg(long, conflicts_with_all = ["all", "output"])]
    pub list: bool,
    /// Which program to show: the naive one that meets the fault, the hardened one that recovers, or both
    #[arg(long, value_name = "WHICH", default_value = "both", value_parser = one_of(Clients::ALL, Clients::name))]
    pub client: Clients,
    /// Seed of the retry delays
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,
    /// Where to make the faults happen
    #[arg(long, value_name = "WHERE", default_value = "auto", value_parser = one_of(Network::ALL, Network::name))]
    pub network: Network,
    /// Write the report to a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
