//! What `netfault peer` takes.

mod name_server;
mod web_server;

pub(in crate::cli) use name_server::NameServer;
pub(in crate::cli) use web_server::WebServer;

use super::values::{self, Address, duration, listen_address, one_of};
use crate::failure::Protocol;
use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

/// `netfault peer`
#[derive(Debug, Args)]
#[command(
    subcommand_value_name = "ROLE",
    subcommand_help_heading = "Roles",
    disable_help_subcommand = true,
    after_help = "\
Examples:
  netfault peer silent --tcp 12345                 what does your client do when no answer comes?
  netfault peer stuck --tcp 12345                  and when nobody accepts?
  netfault peer fragments --tcp 12345 --size 3     is one recv one message?
  netfault peer web-server --tcp 8080 --says short-body
                                                   does your client notice that half is missing?
  netfault peer name-server --udp 5353 --says nxdomain
  netfault peer ledger --udp 12345                 how often is a request booked that is sent again?
  netfault peer drip tcp --to 12345                does your server still serve others?
  netfault peer crowd tcp --to 12345 --clients 50
  netfault peer ask tcp --to 12345 --every 200ms --times 20 Ipin

Servers print a line for each socket once it is ready, `listening tcp 127.0.0.1:12345`, and end at once on \
SIGINT or SIGTERM with exit code 0. `netfault peer ROLE --help` has the options of each role."
)]
pub(in crate::cli) struct Peer {
    /// The role
    #[command(subcommand)]
    pub role: Role,
    /// Write everything that happens to this file as it happens, as lines of JSON
    #[arg(long, global = true, value_name = "FILE")]
    pub trace: Option<PathBuf>,
}

/// The roles.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Role {
    /// Those that wait for others.
    #[command(flatten)]
    Server(ServerRole),
    /// Those that call others.
    #[command(flatten)]
    Client(ClientRole),
}

/// The roles that wait for others.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ServerRole {
    /// Server: send back what comes, byte for byte
    #[command(after_help = "\
Whatever goes missing or changes did so on the way.

Example:
  netfault peer echo --tcp 12345 --udp 12345")]
    Echo(Listen),
    /// Server: take everything, answer nothing
    #[command(after_help = "\
A program that hangs in its own work: the client's recv waits (timeout/read-silence, timeout/udp-silence).

Example:
  netfault peer silent --tcp 12345")]
    Silent(Listen),
    /// Server: listen with a short queue, never accept
    #[command(after_help = "\
The kernel makes the first connections, and no program takes them (timeout/stuck-accept); when the queue is \
full, further ones get no answer at all (timeout/backlog-full).

Example:
  netfault peer stuck --tcp 12345")]
    Stuck(ListenTcp),
    /// Server: answer as the transform does, after a delay
    #[command(after_help = "\
It serves several clients at once: what is slow is the answer and not the queue.

Example:
  netfault peer slow --tcp 12345 --delay 3s")]
    Slow {
        #[command(flatten)]
        listen: Listen,
        /// How long each answer takes
        #[arg(long, value_name = "D", default_value = "2s", value_parser = duration)]
        delay: Duration,
    },
    /// Server: answer as the transform does, in pieces
    #[command(after_help = "\
A client that takes one recv for one message gets the first piece.

Example:
  netfault peer fragments --tcp 12345 --size 5 --pause 100ms")]
    Fragments {
        #[command(flatten)]
        listen: ListenTcp,
        /// Bytes in a piece
        #[arg(long, value_name = "N", default_value = "4")]
        size: NonZeroUsize,
        /// Between two pieces
        #[arg(long, value_name = "D", default_value = "50ms", value_parser = duration)]
        pause: Duration,
    },
    /// Server: take a request, close without an answer
    #[command(after_help = "\
An orderly end (FIN) where a reply was expected: recv gives 0 bytes.

Example:
  netfault peer closer --tcp 12345")]
    Closer(ListenTcp),
    /// Server: answer half, then reset
    #[command(after_help = "\
SO_LINGER with a time of 0: the client gets a part of the reply and then ECONNRESET \
(connection-reset/linger-zero).

Example:
  netfault peer resetter --tcp 12345")]
    Resetter {
        #[command(flatten)]
        listen: ListenTcp,
        /// Between the half and the RST, which throws away what the client has not read by then
        #[arg(long, value_name = "D", default_value = "250ms", value_parser = duration)]
        pause: Duration,
    },
    /// Server: book each request, and answer with how many were booked
    #[command(after_help = "\
Each request is answered `booked N: TEXT`, and printed as `booked N REQUEST`. A request that a client sends \
again, because the reply was lost, is booked twice. With --keys its first word is an idempotency key: a key is \
booked once, and what comes with it later is answered `again N: TEXT`.

Examples:
  netfault peer ledger --udp 12345
  netfault peer ledger --tcp 12345 --keys")]
    Ledger {
        #[command(flatten)]
        listen: Listen,
        /// The first word of each request is its idempotency key
        #[arg(long)]
        keys: bool,
    },
    /// Server: answer HTTP with a page, or with what a client should not take for one
    #[command(after_help = web_server::MORE)]
    WebServer(WebServer),
    /// Server: answer questions about names (DNS), with one thing wrong
    #[command(after_help = name_server::MORE)]
    NameServer(NameServer),
    /// Server: bind the address, do nothing with it
    #[command(after_help = "\
The address is taken, and no list of listeners shows it (address-in-use/bound-not-listening).

Example:
  netfault peer holder --tcp 12345")]
    Holder(Listen),
}

/// The roles that call others.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ClientRole {
    /// Client: connect and say nothing
    #[command(after_help = "\
Who serves one client at a time serves nobody else meanwhile. It prints how the connection ended.

Example:
  netfault peer idle tcp --to 12345 --for 10s")]
    Idle {
        #[command(flatten)]
        to: To,
        /// Leave after so long [default: never]
        #[arg(long = "for", value_name = "D", value_parser = duration)]
        time: Option<Duration>,
    },
    /// Client: send a byte now and then, never a line end
    #[command(after_help = "\
Slow-loris: a server that bounds only the silence between two bytes keeps the connection for ever. It prints \
how the connection ended: closed by the other end, failed ERRNO, or left.

Example:
  netfault peer drip tcp --to 12345 --every 500ms --for 30s")]
    Drip {
        #[command(flatten)]
        to: To,
        /// Between two bytes
        #[arg(long, value_name = "D", default_value = "1s", value_parser = duration)]
        every: Duration,
        /// Leave after so long [default: never]
        #[arg(long = "for", value_name = "D", value_parser = duration)]
        time: Option<Duration>,
        /// What is sent, byte by byte, over and over [default: Ipin]
        text: Vec<String>,
    },
    /// Client: ask again and again, tell what came of each
    #[command(after_help = "\
It prints a line for each: `ok REPLY`, or `failed ERRNO`, where `failed timeout` is its own time-out and \
`failed closed` the end of the stream. Exit code 0 if all were ok, else 1.

Example:
  netfault peer ask tcp --to 12345 --every 200ms --times 20 --timeout 500ms Ipin")]
    Ask {
        #[command(flatten)]
        to: To,
        /// From one question to the next
        #[arg(long, value_name = "D", default_value = "1s", value_parser = duration)]
        every: Duration,
        /// How often
        #[arg(long, value_name = "N", default_value = "10")]
        times: NonZeroU32,
        /// How long it waits for one answer
        #[arg(long, value_name = "D", default_value = "2s", value_parser = duration)]
        timeout: Duration,
        /// Keep one connection as long as it works, instead of a new one for each question
        #[arg(long)]
        keep: bool,
        /// What it asks, joined by blanks [default: Ipin]
        text: Vec<String>,
    },
    /// Client: many at once, one exchange each
    #[command(after_help = "\
It prints `served N, failed M`, and `failed ERRNO: N` for each kind of failure. Exit code 0 if all were \
served, else 1.

Example:
  netfault peer crowd tcp --to 12345 --clients 100 --timeout 3s")]
    Crowd {
        #[command(flatten)]
        to: To,
        /// How many
        #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u32).range(1..=10_000))]
        clients: u32,
        /// How long each waits for its answer
        #[arg(long, value_name = "D", default_value = "5s", value_parser = duration)]
        timeout: Duration,
        /// What each asks, joined by blanks [default: Ipin]
        text: Vec<String>,
    },
}

/// Where a server is to be found.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(in crate::cli) struct Listen {
    /// Listen for TCP on this address; a bare port means 127.0.0.1, port 0 any free one
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    pub tcp: Vec<SocketAddr>,
    /// Take UDP datagrams on this address
    #[arg(long, value_name = "ADDR", value_parser = listen_address)]
    pub udp: Vec<SocketAddr>,
}

impl Listen {
    /// Each address with its protocol, in the order in which they are announced.
    pub(in crate::cli) fn addresses(&self) -> Vec<(Protocol, SocketAddr)> {
        let tcp = self.tcp.iter().map(|address| (Protocol::Tcp, *address));
        tcp.chain(self.udp.iter().map(|address| (Protocol::Udp, *address))).collect()
    }
}

impl ListenTcp {
    /// Each address with its protocol.
    pub(in crate::cli) fn addresses(&self) -> Vec<(Protocol, SocketAddr)> {
        self.tcp.iter().map(|address| (Protocol::Tcp, *address)).collect()
    }
}

/// The same for a role that only TCP has.
#[derive(Debug, Args)]
pub(in crate::cli) struct ListenTcp {
    /// Listen for TCP on this address; a bare port means 127.0.0.1, port 0 any free one
    #[arg(long, value_name = "ADDR", required = true, value_parser = listen_address)]
    pub tcp: Vec<SocketAddr>,
}

/// Whom a client calls.
#[derive(Debug, Args)]
pub(in crate::cli) struct To {
    /// The protocol
    #[arg(value_parser = one_of(values::PROTOCOLS, values::protocol_name))]
    pub protocol: Protocol,
    /// The server; a bare port means 127.0.0.1
    #[arg(long, value_name = "ADDR", value_parser = values::peer)]
    pub to: Address,
}
