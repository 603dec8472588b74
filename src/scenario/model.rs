//! A scenario as it was read: typed, every name in it known to exist. `docs/scenarios.md` is its language.

use crate::failure::{Op, Protocol};
use crate::fault::Named;
use crate::lang::Words;
use crate::proxy::toxic::Toxic;
use crate::trace::{SocketState, Stream};
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A scenario whose parameters and draws have their values.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The file it was read from.
    pub file: PathBuf,
    /// The file's name without the ending.
    pub name: String,
    /// What it is about, in a line.
    pub title: Words,
    /// What it shows and teaches.
    pub text: Words,
    /// The pages that a reader may go on with.
    pub teaches: Vec<Named>,
    /// How long the whole may take.
    pub limit: Duration,
    /// How long it usually takes.
    pub takes: Option<Duration>,
    /// Where all randomness comes from.
    pub seed: u64,
    /// Where it runs.
    pub network: Network,
    /// The parameters, each with its value as it would be given to `--set`.
    pub parameters: BTreeMap<String, String>,
    /// In the order of the file.
    pub links: Vec<Link>,
    /// In the order of the file.
    pub programs: Vec<Program>,
    /// In the order of the file.
    pub steps: Vec<Step>,
    /// In the order of the file.
    pub expectations: Vec<Expect>,
    /// What must make it fail.
    pub broken: Vec<Broken>,
}

/// Where a scenario runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// This host's loopback interface, with the fault proxy as links.
    #[default]
    Loopback,
    /// Several hosts, each with a network of its own.
    Virtual,
}

/// What lies between two hosts.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// The host that calls.
    pub from: String,
    /// The host that is called.
    pub to: String,
    /// What is done to the traffic from the beginning, those of the preset first.
    pub impairments: Vec<Impairing>,
}

/// An impairment for streams, for datagrams, or for both: at least one is there.
#[derive(Clone, Debug)]
pub struct Impairing {
    /// As it was written.
    pub text: String,
    /// The name by which steps mean it.
    pub name: String,
    /// On TCP.
    pub tcp: Option<Toxic>,
    /// On UDP.
    pub udp: Option<Toxic>,
}

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

/// Something that is done on the timeline.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// When.
    pub when: When,
    /// What.
    pub action: Action,
}

/// When a step is taken.
#[derive(Clone, Debug)]
pub enum When {
    /// At this time of the timeline.
    At(Duration),
    /// So long after a program wrote a line like this.
    Wrote {
        /// The program.
        program: String,
        /// The line.
        line: Regex,
        /// How long after it.
        delay: Duration,
    },
    /// So long after a program ended.
    Ended {
        /// The program.
        program: String,
        /// How long after it.
        delay: Duration,
    },
}

/// What a step does; the texts are names of programs and links.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "docs/scenarios.md has a row for each")]
pub enum Action {
    Start(String),
    Stop(String),
    Kill(String),
    Pause(String),
    Resume(String),
    Rebind(String),
    Add { link: String, impairing: Impairing },
    Change { link: String, impairing: Impairing },
    Remove { link: String, name: String },
    Partition(String),
    Refuse(String),
    Heal(String),
    Diagnose(String),
}

/// Something that must hold.
#[derive(Clone, Debug)]
pub struct Expect {
    /// What is expected, in words.
    pub name: Words,
    /// Of which program or link.
    pub of: String,
    /// What.
    pub what: Expectation,
    /// What helps whoever does not meet it.
    pub hint: Option<Words>,
    /// What it is worth.
    pub points: Option<u32>,
}

/// What must hold.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "docs/scenarios.md has a row for each")]
pub enum Expectation {
    Exit(Exit),
    Ends(Window),
    Output(Output),
    Failure(WantedFailure),
    NoFailure,
    Verdict(Named),
    Attempts(Bounds),
    Spacing(Spacing),
    Answers { after: String, within: Window },
    Connections(Bounds),
    Bytes { upstream: Option<Bounds>, downstream: Option<Bounds> },
    Did { what: String, times: Bounds },
    Sockets { state: SocketState, times: Bounds },
}

/// How a program must end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// With this code.
    Code(i32),
    /// With any code but 0, or by a signal that no limit sent.
    Failure,
    /// Over a limit: `time`, `memory`, `output`.
    Limit(String),
    /// By this signal.
    Signal(String),
    /// Not at all while the timeline lasts.
    Running,
}

/// A span of time that something must lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Not before.
    pub not_before: Option<Duration>,
    /// Not after.
    pub within: Option<Duration>,
    /// How much either may be missed by.
    pub tolerance: Duration,
}

/// What a program must have written; everything that is there must hold.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "docs/scenarios.md has a row for each")]
pub struct Output {
    /// `None` for both.
    pub stream: Option<Stream>,
    pub contains: Vec<String>,
    pub lacks: Vec<String>,
    pub regex: Vec<Regex>,
    pub order: Vec<String>,
    pub lines: Option<Bounds>,
    pub json: Vec<(String, Value)>,
}

/// A failed call that must be there; what is `None` is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedFailure {
    /// The name of the errno: `ECONNREFUSED`; `timeout` for a wait that ended without an answer, `closed` for an end of
    /// stream where more was expected.
    pub errno: Option<String>,
    /// The call.
    pub call: Option<Op>,
    /// The program that was called.
    pub peer: Option<String>,
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The fewest.
    pub at_least: u64,
    /// The most; `None` for any number.
    pub at_most: Option<u64>,
}

/// The pauses between attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spacing {
    /// Whether the last is longer than the first by half at least.
    pub grows: bool,
    /// The shortest that each may be.
    pub at_least: Option<Duration>,
    /// The longest that each may be.
    pub at_most: Option<Duration>,
}

/// A change that must make the scenario fail.
#[derive(Clone, Debug)]
pub struct Broken {
    /// What is taken away, in words.
    pub why: Words,
    /// Parameters, as `--set` takes them.
    pub set: BTreeMap<String, String>,
    /// English names of expectations that must fail; empty for any.
    pub fails: Vec<String>,
}

impl Scenario {
    /// The program of this name.
    pub fn program(&self, name: &str) -> Option<&Program> {
        self.programs.iter().find(|program| program.name == name)
    }

    /// The link of this name.
    pub fn link(&self, name: &str) -> Option<&Link> {
        self.links.iter().find(|link| link.name == name)
    }
}

impl Bounds {
    /// Exactly so many.
    pub const fn exactly(number: u64) -> Self {
        Self { at_least: number, at_most: Some(number) }
    }

    /// Whether a number lies in them.
    pub fn contains(&self, number: u64) -> bool {
        number >= self.at_least && self.at_most.is_none_or(|most| number <= most)
    }
}
