//! What `netfault proxy` takes.

use super::values::{listen_address, seed};
use crate::proxy::toxic::Kind;
use clap::Args;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

/// `netfault proxy`
#[derive(Debug, Args)]
#[command(after_help = help())]
pub(in crate::cli) struct Proxy {
    /// Listen on this address; a bare port means 127.0.0.1, port 0 any free one
    #[arg(long, value_name = "ADDR", value_parser = listen_address, requires = "upstream")]
    pub listen: Option<SocketAddr>,
    /// Lead to this address
    #[arg(long, value_name = "ADDR", requires = "listen")]
    pub upstream: Option<String>,
    /// Relay UDP datagrams instead of TCP connections
    #[arg(long, requires = "listen")]
    pub udp: bool,
    /// A fault to put in, as TYPE:KEY=VALUE,…; may be given several times, and they work in this order
    #[arg(long, value_name = "TOXIC", requires = "listen")]
    pub toxic: Vec<String>,
    /// Print what happens as lines of JSON, among it every decision of a toxic that changed something
    #[arg(long)]
    pub events: bool,
    /// Serve Toxiproxy's control API on this address [default: 127.0.0.1:8474, unless --listen is given]
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    pub api: Option<SocketAddr>,
    /// Proxies and toxics to begin with: JSON as Toxiproxy's, or TOML
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where all randomness comes from: the same seed gives the same decisions
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,
    /// Serve Prometheus counters at /metrics of the control API
    #[arg(long)]
    pub metrics: bool,
    /// TCP connections at once; more are reset
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_connections: Option<u32>,
}

const EXAMPLES: &str = "\
Examples:
  netfault proxy --listen 12346 --upstream 127.0.0.1:12345 --toxic latency:latency=100,jitter=20
  netfault proxy --listen 12346 --upstream 127.0.0.1:12345 --udp --toxic loss:probability=0.2 --events
  netfault proxy --listen 12346 --upstream 127.0.0.1:12345 --toxic reset_after:bytes=10,toxicity=0.5
  netfault proxy                      Toxiproxy's control API on 127.0.0.1:8474, for its clients
  netfault proxy --config proxies.toml --metrics

Toxics (each also takes stream=upstream|downstream|both, toxicity=0…1, name=, from= and until= in ms):
";

/// The examples, and every toxic with its attributes.
fn help() -> String {
    let mut help = EXAMPLES.to_owned();
    for kind in Kind::all() {
        let on = match kind.on {
            [one] => format!(" ({one} only)"),
            _ => String::new(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(help, "  {:<12} {}{on}", kind.name, kind.does);
        for attribute in kind.attributes {
            let _ = writeln!(help, "  {:<12}   {}: {}", "", attribute.name, attribute.means);
        }
    }
    help.trim_end().to_owned()
}
