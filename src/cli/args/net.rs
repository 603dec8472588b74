//! What `netfault net` takes.

use super::values::{network_name, seed};
use clap::{Args, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// `netfault net`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault net check                      can there be virtual networks here, and if not, what forbids it
  netfault net up lab.toml                hosts and links, until Ctrl-C
  netfault net exec client -- ping -c 3 server
                                          in another terminal: any program, on one of the hosts
  netfault net exec client -- bash        or a shell

lab.toml may be as short as:
  format_version = 1
  [hosts.client]
  [hosts.server]
  [links.path]
  from = \"client\"
  to = \"server\"
  impairments = [\"latency:latency=50\", \"loss:probability=0.01\"]

It needs Linux, and no privileges. docs/network.md tells more.")]
pub(in crate::cli) struct Net {
    /// What to do
    #[command(subcommand)]
    pub what: NetCommand,
}

/// What can be done with virtual networks.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum NetCommand {
    /// Say whether this machine allows it; if not, which setting forbids it and what to do
    #[command(after_help = "Exit codes: 0 it does, 3 it does not.")]
    Check,
    /// Set a network up, and keep it until Ctrl-C
    Up(Up),
    /// Run a program on a host of a network that is up
    Exec(Exec),
}

/// `netfault net up`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault net up lab.toml
  netfault net up scenarios/network/dead-peer.toml
                                          the network of a scenario, without its programs
  netfault net up lab.toml --pcap lab.pcapng
                                          every packet on every link, for Wireshark")]
pub(in crate::cli) struct Up {
    /// A file with hosts and links, or a scenario with network = \"virtual\"
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where all randomness comes from, instead of the seed of the file
    #[arg(long, value_name = "N", value_parser = seed)]
    pub seed: Option<u64>,
    /// Its name, if several are up [default: the name of the file]
    #[arg(long, value_name = "NAME", value_parser = network_name)]
    pub name: Option<String>,
    /// Write every packet to a capture file, with what became of it as a comment
    #[arg(long, value_name = "FILE")]
    pub pcap: Option<PathBuf>,
}

/// `netfault net exec`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault net exec client -- ping -c 3 server
  netfault net exec server -- python3 server.py
  netfault net exec client --net lab -- curl http://server:8080/

The exit code is that of the program; 2 when it cannot be run.")]
pub(in crate::cli) struct Exec {
    /// The host
    #[arg(value_name = "HOST")]
    pub host: String,
    /// The network, if several are up
    #[arg(long, value_name = "NAME")]
    pub net: Option<String>,
    /// The program and its arguments
    #[arg(value_name = "CMD", last = true, required = true)]
    pub command: Vec<OsString>,
}
