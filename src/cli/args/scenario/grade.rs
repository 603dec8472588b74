//! What `netfault scenario grade` takes.

use super::Values;
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// `netfault scenario grade`
#[derive(Debug, Args)]
#[command(after_help = "\
Every sub-folder of DIR is a submission, and its name the student's. What it runs stands in its submission.toml, such \
as
  server = \"python3 UDPServer.py\"
or is found by the names of files that the scenario gives. Each runs in a copy of its folder, with a seed of its own.

Examples:
  netfault scenario grade tugas7.toml submissions/
  netfault scenario grade tugas7.toml submissions/ --csv points.csv --html report.html --lang id
  netfault scenario grade tugas7.toml submissions/ --format json

Exit codes: 0 all submissions met all expectations; 2 the scenario is invalid; else the first of these that holds: 1
one failed, 4 a set-up failed and was not graded, 3 one cannot be graded here, or there is none.")]
pub(in crate::cli) struct Grade {
    /// The assignment: a scenario with points
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The folder of submissions
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Parameters and seed.
    #[command(flatten)]
    pub values: Values,
    /// How many run side by side [default: as many as there are cores]
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Write the report to a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the points to a file too, for a spreadsheet
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Write a page with everything to a file too
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}
