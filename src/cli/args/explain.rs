//! What `netfault explain` takes.

use clap::Args;
use std::path::PathBuf;

/// `netfault explain`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault explain ECONNREFUSED            an errno name, also WSAECONNREFUSED
  netfault explain 10048                   a number, on whichever system
  netfault explain address-in-use/time-wait --lang id
  netfault explain tcp-vs-udp              an idea: also socket, address, threading, tcp-flow, udp-flow
  netfault explain connection timed out    words of a message
  netfault explain port sudah dipakai      words of everyday, in English or Indonesian
  python3 client.py 2>&1 | netfault explain -
  netfault explain --all --format html --output handbook.html")]
pub(in crate::cli) struct Explain {
    /// What to explain; `-` reads a traceback or a log from stdin
    #[arg(value_name = "WHAT", required_unless_present_any = ["list", "all"], allow_negative_numbers = true)]
    pub what: Vec<String>,
    /// Only the name, the meaning, and what it proves
    #[arg(long)]
    pub brief: bool,
    /// List what can be explained
    #[arg(long, conflicts_with = "what")]
    pub list: bool,
    /// The whole catalogue as one handbook: text, json, html or markdown
    #[arg(long, conflicts_with_all = ["what", "list", "brief"])]
    pub all: bool,
    /// Write the handbook to a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE", requires = "all", conflicts_with_all = ["what", "list"])]
    pub output: Option<PathBuf>,
}
