//! One run of a scenario, or of a traced program: everything that was done and seen, and what was made of it. What
//! reports are rendered from, and what is saved.

use super::{Event, Evidence, SCHEMA_VERSION, Verdict};
use crate::failure::seconds;
use crate::lang::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A run, live or replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What was run, where and with what.
    pub header: Header,
    /// Everything that happened, in order; the position of each is its `seq`.
    pub events: Vec<Event>,
    /// What was read from the live system, in order.
    pub evidence: Vec<Evidence>,
    /// What the rules make of the failures.
    pub verdicts: Vec<Judged>,
    /// What was expected, each with what was seen.
    pub checks: Vec<Checked>,
    /// How it ended; `None` for a trace that was cut off, or of a program on its own.
    pub end: Option<End>,
}

/// What was run, where and with what: the first line of a saved trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the shape.
    pub schema_version: u32,
    /// Where all randomness came from.
    pub seed: u64,
    /// The command line that did it, or its equal.
    #[serde(default)]
    pub command: String,
    /// When it began, in seconds since 1970-01-01 00:00 UTC.
    #[serde(default)]
    pub started: f64,
    /// The machine.
    #[serde(default)]
    pub host: Host,
    /// The scenario, when it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Told>,
}

/// The machine on which something was run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// The operating system and its version: `Linux 6.12.9`.
    pub system: String,
    /// The processor: `x86_64`.
    pub machine: String,
    /// The version of this program.
    pub netfault: String,
    /// Whether it ran as root, or with the rights of an administrator.
    pub privileged: bool,
}

/// What a report tells of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The file that it was read from.
    pub file: String,
    /// Its name: the file's without the ending.
    pub name: String,
    /// What it is about, in a line.
    pub title: Words,
    /// What it shows and teaches.
    pub text: Words,
    /// The parameters, each with its value.
    pub parameters: BTreeMap<String, String>,
    /// The programs and links, in the order of the file: the lanes of a picture.
    pub actors: Vec<String>,
}

/// What the rules make of one failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Whose failure it was: the actor of the event.
    pub of: String,
    /// `seq` of the event.
    pub event: usize,
    /// What they say.
    pub verdict: Verdict,
}

/// One expectation, with what was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// What was expected of what.
    pub name: Words,
    /// The expected value.
    pub want: String,
    /// The value that was seen.
    pub got: String,
    /// Whether they agree; `None` when it cannot be told here, and `got` says why.
    pub passed: Option<bool>,
    /// What helps whoever does not pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Words>,
    /// What it is worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u32>,
    /// `seq` of the events that show it.
    pub because: Vec<usize>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// In a word.
    pub status: RunStatus,
    /// How long it took, in seconds.
    #[serde(with = "seconds")]
    pub seconds: Duration,
    /// For `unsupported`: what it needs. For `error`: what broke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Words>,
    /// The command that runs just this again with the same seed.
    pub replay: String,
}

/// How a run ended, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// All expectations were met.
    Passed,
    /// One was not.
    Failed,
    /// It cannot run, or cannot be told, here.
    Unsupported,
    /// The set-up or the checker broke: nobody's wrong answer.
    Error,
}

/// Points of a run: what was got, of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Points {
    /// Those of the expectations that were met.
    pub got: u32,
    /// All.
    pub of: u32,
}

impl Header {
    /// The header of a program on its own, which began then.
    pub fn new(seed: u64, command: String, started: SystemTime, host: Host) -> Self {
        let started = started.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        Self { schema_version: SCHEMA_VERSION, seed, command, started, host, scenario: None }
    }
}

impl Run {
    /// The points, when any expectation is worth some.
    pub fn points(&self) -> Option<Points> {
        let worth = |checked: &Checked| checked.points.unwrap_or(0);
        let of = self.checks.iter().map(worth).sum();
        let got = self.checks.iter().filter(|checked| checked.passed == Some(true)).map(worth).sum();
        (of > 0).then_some(Points { got, of })
    }
}

impl RunStatus {
    /// What follows from the checks of a run that went to its end.
    pub fn of(checks: &[Checked]) -> Self {
        if checks.iter().any(|checked| checked.passed == Some(false)) {
            Self::Failed
        } else if checks.iter().any(|checked| checked.passed.is_none()) {
            Self::Unsupported
        } else {
            Self::Passed
        }
    }

    /// The word in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unsupported => "unsupported",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
