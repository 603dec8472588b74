//! What `netfault render` takes.

use clap::Args;
use std::path::PathBuf;

/// `netfault render`
#[derive(Debug, Args)]
#[command(after_help = "\
Formats: text, json, junit, html, sequence, ndjson

Examples:
  netfault render run.ndjson                            what was expected, what was seen, and why
  netfault render run.ndjson --format sequence          who sent what to whom, as arrows
  netfault render run.ndjson --format html --output run.html
  netfault render run.ndjson --format junit             for a CI system
  netfault proxy --listen 12346 --upstream 12345 --events > proxy.ndjson
  netfault render proxy.ndjson --format sequence")]
pub(in crate::cli) struct Render {
    /// A saved trace; `-` reads it from stdin
    #[arg(value_name = "TRACE")]
    pub trace: PathBuf,
    /// Write the report to a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Leave out what differs from machine to machine: the host, and when it was
    #[arg(long)]
    pub reproducible: bool,
    /// Draw with ASCII alone [default: unless the locale of the terminal has UTF-8]
    #[arg(long)]
    pub ascii: bool,
}
