//! The programs that take part.

use crate::failure::Protocol;
use regex::Regex;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A program that takes part.
#[derive(Clone, Debug)]
pub struct Program {
    /// Its name, which is its actor in the trace.
    pub name: String,
    /// The host that it runs on.
    pub host: String,
    /// What it runs.
    pub run: Command,
    /// What it listens on; nothing for a client.
    pub listens: Vec<Protocol>,
    /// The address that it listens on.
    pub address: IpAddr,
    /// A port that is fixed in the program.
    pub port: Option<u16>,
    /// Environment variables beside the usual ones; values with placeholders.
    pub env: BTreeMap<String, String>,
    /// What it reads; with placeholders.
    pub stdin: String,
    /// Whether its standard input stays open after that.
    pub keeps_stdin_open: bool,
    /// Files that are copied into its folder.
    pub files: Vec<PathBuf>,
    /// When it starts; `None` when a step starts it.
    pub start: Option<Duration>,
    /// When it counts as started.
    pub ready: Ready,
    /// Whether it is started again when it ends by itself.
    pub restart: Option<Restart>,
    /// What it may use.
    pub limits: Limits,
}

/// What a program runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// This very program with these arguments, with placeholders; it writes a trace.
    Own(Vec<String>),
    /// Another one, word by word, with placeholders.
    Other(Vec<String>),
}

/// When a program counts as started.
#[derive(Clone, Debug)]
pub enum Ready {
    /// At once.
    Started,
    /// When its sockets are in the table, one for each protocol that it listens on.
    Listening,
    /// When it wrote a line like this.
    Line(Regex),
}

/// How a program is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restart {
    /// How often.
    pub times: u32,
    /// How long after its end.
    pub delay: Duration,
}

/// What a program may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long it may run.
    pub time: Duration,
    /// Bytes of address space.
    pub memory: u64,
    /// Bytes of output, of both streams together.
    pub output: u64,
}
