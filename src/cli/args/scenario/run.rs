//! What `netfault scenario run` takes.

use super::Values;
use clap::Args;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

/// `netfault scenario run`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault scenario run scenarios/                    all of them, side by side
  netfault scenario run late-server.toml --seed 7     one, with another seed
  netfault scenario run tugas7.toml --set server='python3 UDPServer.py' --set client='python3 UDPClient.py'
  netfault scenario run late-server.toml --repeat 10  is it flaky?
  netfault scenario run scenarios/ --self-test        can each of them fail?
  netfault scenario run late-server.toml --format sequence
  netfault scenario run scenarios/ --junit junit.xml --html report.html

Exit codes: 0 all expectations were met; 2 a file is invalid, and then nothing was run; else the first of these that
holds: 1 an expectation failed, 4 a set-up failed, 3 something cannot run or be told here, or nothing was selected.
130 after Ctrl-C, which ends all programs and reports what there is; a second one ends at once.")]
pub(in crate::cli) struct Run {
    /// Scenarios, and folders that are searched for them
    #[arg(value_name = "FILE|DIR", required = true)]
    pub paths: Vec<PathBuf>,
    /// Parameters and seed.
    #[command(flatten)]
    pub values: Values,
    /// Run each so often with the same seed, and tell how often it passed
    #[arg(long, value_name = "N", default_value = "1", conflicts_with = "self_test")]
    pub repeat: NonZeroU32,
    /// Run each as it is, which has to pass, and with each of its [[broken]] variants, which have to fail
    #[arg(long)]
    pub self_test: bool,
    /// How many run side by side [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Write the report to a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write JUnit XML to a file too
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Write a page with pictures to a file too
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write the trace of the one run to a file too; `netfault render` makes any report of it
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Write every packet of the one run to a file too, with what became of it: pcapng, for Wireshark; of a virtual
    /// network only
    #[arg(long, value_name = "FILE")]
    pub pcap: Option<PathBuf>,
}
