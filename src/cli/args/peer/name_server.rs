//! What `netfault peer name-server` takes.

use super::super::values::{self, duration, one_of};
use super::Listen;
use crate::peer::name_server::Says;
use clap::Args;
use std::net::IpAddr;
use std::time::Duration;

/// What stands after its options.
pub(super) const MORE: &str = "\
Every name has the same addresses, over UDP and TCP; port 0 for both is one port for both. What is wrong with it:
  nxdomain, nodata, servfail, refused  that is its reply
  formerr                              it does not know EDNS
  silent                               no reply
  truncated, truncated-only            cut off over UDP; whole over TCP, or nothing there either
  garbage, pointer-loop                bytes that are no message
  wrong-id, wrong-question             a reply to another question, as a forger sends it
  alias-loop                           two aliases that lead to each other

Examples:
  netfault peer name-server --udp 5353 --tcp 5353 --says truncated
  netfault peer name-server --udp 5353 --says servfail --first 1
  netfault diagnose dns www.example.org --resolver 127.0.0.1:5353";

/// What a name server says.
#[derive(Debug, Args)]
pub(in crate::cli) struct NameServer {
    #[command(flatten)]
    pub listen: Listen,
    /// What it says
    #[arg(long, value_name = "WHAT", default_value = "answer", value_parser = one_of(Says::ALL, Says::word))]
    pub says: Says,
    /// Says it to the first N questions only, and answers rightly after that
    #[arg(long, value_name = "N")]
    pub first: Option<u32>,
    /// Knows this name and no other (NXDOMAIN)
    #[arg(long, value_name = "NAME", value_parser = values::name)]
    pub name: Option<String>,
    /// Every name is an alias of this one (CNAME)
    #[arg(long, value_name = "NAME", value_parser = values::name)]
    pub alias: Option<String>,
    /// What a name stands for; may be given several times [default: 192.0.2.34 and 2001:db8::34]
    #[arg(long, value_name = "IP")]
    pub address: Vec<IpAddr>,
    /// How long each answer takes
    #[arg(long, value_name = "D", value_parser = duration)]
    pub delay: Option<Duration>,
}
