//! What `netfault serve` takes.

use super::values::{self, duration, listen_address, one_of};
use crate::server::Model;
use crate::transform::Reply;
use clap::Args;
use ipnet::IpNet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// `netfault serve`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault serve                                   TCP and UDP on 127.0.0.1:12345 and [::1]:12345
  netfault serve --tcp 127.0.0.1:0 --reply json    TCP only, on a free port, with JSON replies
  netfault serve --tcp 0.0.0.0:12345 --allow 192.168.1.0/24
  netfault serve --naive                           as a student first writes it: see it hang
  netfault serve --model sequential                one client at a time, with every limit")]
pub(in crate::cli) struct Serve {
    /// Listen for TCP on this address; a bare port means 127.0.0.1, port 0 any free one
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    pub tcp: Vec<SocketAddr>,
    /// Take UDP datagrams on this address
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    pub udp: Vec<SocketAddr>,
    /// Serve as a student first writes it: blocking, one client at a time, no time-outs, no SO_REUSEADDR
    #[arg(long, conflicts_with_all = ["model", "max_connections", "idle_timeout", "max_line", "drain", "allow"])]
    pub naive: bool,
    /// How several clients are served
    #[arg(long, value_name = "MODEL", default_value = "event-loop", value_parser = one_of(Model::ALL, Model::name))]
    pub model: Model,
    /// Shape of the replies
    #[arg(long, value_name = "STYLE", default_value = "full", value_parser = one_of(Reply::ALL, Reply::name))]
    pub reply: Reply,
    /// Connections at once; more are closed at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_connections: Option<u32>,
    /// Close a connection on which nothing happens for this long
    #[arg(long, value_name = "D", value_parser = duration)]
    pub idle_timeout: Option<Duration>,
    /// Longest request line, in bytes
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1..=16_777_216))]
    pub max_line: Option<u32>,
    /// How long clients may still be served after SIGINT or SIGTERM
    #[arg(long, value_name = "D", value_parser = duration)]
    pub drain: Option<Duration>,
    /// Serve only clients of this network, such as 192.168.1.0/24; may be given several times
    #[arg(long, value_name = "CIDR", value_parser = values::network)]
    pub allow: Vec<IpNet>,
    /// Write what happens to this file as it happens, as lines of JSON: of the naive server every call, else how it
    /// got its addresses
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}
