//! What `netfault fetch` takes.

use super::Retrying;
use super::size::size;
use super::values::{self, duration};
use crate::fetch::Target;
use crate::resolver::Families;
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// `netfault fetch`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault fetch localhost:8080                      the first 500 characters, and each stage
  netfault fetch https://example.org --all           the whole page
  netfault fetch https://example.org --output a.html in a file, whole or not at all
  netfault fetch example.org --resolver 192.0.2.53   ask this name server and no other
  netfault fetch https://localhost:8443 --cacert ca.pem
  netfault fetch localhost:8080 --format json        stages, addresses, certificate, evidence
  netfault fetch localhost:8080 --preset grpc        tries again as gRPC does
  netfault fetch localhost:8080 --naive              as a student first writes it

Exit codes: 0 the page came whole with a status of success, 1 it did not, 2 wrong usage,
4 the output could not be written, 130 interrupted.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub(in crate::cli) struct Fetch {
    /// http:// or https:// with a host; a host alone is asked over http
    #[arg(value_name = "URL|NAME")]
    pub target: Target,
    /// Ask this name server and no other; without a port it is 53. May be given several times
    #[arg(long, value_name = "ADDR", value_parser = values::name_server)]
    pub resolver: Vec<SocketAddr>,
    /// Longest time the whole may take, with all its attempts
    #[arg(long, value_name = "D", default_value = "30s", value_parser = duration)]
    pub timeout: Duration,
    /// Longest time that one connection may take to be made
    #[arg(long, value_name = "D", default_value = "10s", value_parser = duration)]
    pub connect_timeout: Duration,
    /// The most bytes of a body, unpacked: 500kB, 10MiB, 2GB
    #[arg(long, value_name = "N", default_value = "64MiB", value_parser = size)]
    pub max_bytes: u64,
    /// IPv4 addresses only
    #[arg(short = '4', long, conflicts_with = "ipv6")]
    pub ipv4: bool,
    /// IPv6 addresses only
    #[arg(short = '6', long)]
    pub ipv6: bool,
    /// Trust this issuer of certificates too: a file in PEM
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,
    /// Take any certificate: whoever is in between may read and change everything
    #[arg(long, conflicts_with = "cacert")]
    pub insecure_no_tls_verify: bool,
    /// Print the whole body: as text on a terminal, else its bytes as they are
    #[arg(long, conflicts_with = "output")]
    pub all: bool,
    /// Write the bytes of the body to this file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE", value_parser = values::result_file)]
    pub output: Option<PathBuf>,
    /// How it tries again
    #[command(flatten)]
    pub retrying: Retrying,
    /// As a student first writes it: one hand-made question, one connection, no time-out, no check of what came
    #[arg(long, conflicts_with_all = ["timeout", "connect_timeout", "max_bytes", "ipv4", "ipv6", "cacert",
          "insecure_no_tls_verify", "all", "output", "attempts", "backoff", "preset", "seed"])]
    pub naive: bool,
    /// Write everything that happens to this file as it happens, as lines of JSON
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

impl Fetch {
    /// Which addresses are wanted.
    pub(in crate::cli) fn families(&self) -> Families {
        match (self.ipv4, self.ipv6) {
            (true, _) => Families::V4,
            (_, true) => Families::V6,
            _ => Families::Both,
        }
    }
}
