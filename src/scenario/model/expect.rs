//! What must come of it.

use crate::failure::Op;
use crate::fault::Named;
use crate::lang::Words;
use crate::trace::{SocketState, Stream};
use regex::Regex;
use serde_json::Value;
use std::time::Duration;

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
