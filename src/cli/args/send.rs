//! What `netfault send` takes.

use super::Retrying;
use super::values::{self, Address, duration, one_of};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// `netfault send`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault send tcp Ipin                             to 127.0.0.1:12345
  netfault send udp --to localhost:12345 Halo dunia
  netfault send tcp --to 12345 < lines.txt           a request a line
  netfault send tcp --attempts 5 --backoff full-jitter --timeout 10s Ipin
  netfault send tcp --preset aws Ipin                as the SDKs of AWS try again
  netfault send tcp --naive Ipin                     as a student first writes it")]
pub(in crate::cli) struct Send {
    /// The protocol
    #[arg(value_parser = one_of(values::PROTOCOLS, values::protocol_name))]
    pub protocol: crate::failure::Protocol,
    /// The text, joined by blanks; without it, lines are read from stdin
    pub text: Vec<String>,
    /// The server; a bare port means 127.0.0.1
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:12345")]
    pub to: Address,
    /// Longest time a whole exchange may take, with all its attempts
    #[arg(long, value_name = "D", default_value = "5s", value_parser = duration)]
    pub timeout: Duration,
    /// How it tries again
    #[command(flatten)]
    pub retrying: Retrying,
    /// One blocking exchange as a student first writes it: no time-out, one attempt
    #[arg(long, conflicts_with_all = ["timeout", "attempts", "backoff", "preset", "seed"])]
    pub naive: bool,
    /// Write everything that happens to this file as it happens, as lines of JSON
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}
