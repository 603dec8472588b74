//! What `netfault diagnose` takes.

use super::values::{self, Address, duration, listen_address};
use crate::fetch::Target as Page;
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::time::Duration;

/// `netfault diagnose`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  netfault diagnose tcp localhost:12345        does a program answer there, and if not, why?
  netfault diagnose udp 127.0.0.1:12345        sends one empty datagram
  netfault diagnose bind 0.0.0.0:12345         could a server have this address, and who has it?
  netfault diagnose bind 127.0.0.1:12345 --udp
  netfault diagnose dns example.org            what programs get, and what the name servers say
  netfault diagnose dns example.org --resolver 192.0.2.53
  netfault diagnose http http://localhost:8080/  which stage fails: name, connection, TLS, HTTP?
  netfault diagnose tcp 192.0.2.7:80 --timeout 2s --format json

It changes nothing and never needs root; root would see the processes of other users.
Exit codes: 0 healthy, 1 a fault, 2 wrong usage, 3 cannot tell from here.")]
pub(in crate::cli) struct Diagnose {
    /// What to look at
    #[command(subcommand)]
    pub target: Target,
    /// Longest time the whole may take
    #[arg(long, global = true, value_name = "D", default_value = "5s", value_parser = duration)]
    pub timeout: Duration,
}

/// What `netfault diagnose` looks at.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Target {
    /// Connect to every address of HOST:PORT
    Tcp {
        /// HOST:PORT; a bare port means 127.0.0.1
        #[arg(value_name = "HOST:PORT", value_parser = values::peer)]
        address: Address,
    },
    /// Send one empty datagram to every address of HOST:PORT
    Udp {
        /// HOST:PORT; a bare port means 127.0.0.1
        #[arg(value_name = "HOST:PORT", value_parser = values::peer)]
        address: Address,
    },
    /// Tell whether a server could bind an address of this host
    Bind {
        /// IP:PORT; a bare port means 127.0.0.1
        #[arg(value_name = "ADDR", value_parser = listen_address)]
        address: SocketAddr,
        /// For UDP instead of TCP
        #[arg(long)]
        udp: bool,
    },
    /// Fetch a page, and tell which stage fails: the name, the connection, TLS, HTTP
    Http {
        /// http:// or https://, or a host alone
        #[arg(value_name = "URL", value_parser = values::url)]
        url: Page,
        /// Ask this name server and no other; without a port it is 53
        #[arg(long, value_name = "ADDR", value_parser = values::name_server)]
        resolver: Option<SocketAddr>,
    },
    /// Look up a name as programs do, and ask the name servers on the wire
    Dns {
        /// The name
        #[arg(value_parser = values::name)]
        name: String,
        /// Ask this name server and no other; without a port it is 53
        #[arg(long, value_name = "ADDR", value_parser = values::name_server)]
        resolver: Option<SocketAddr>,
    },
}
