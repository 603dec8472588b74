//! The only thing a renderer sees: what was done, what was found, what was judged.

use super::{Event, Evidence, Verdict};
use crate::failure::{Failure, seconds};
use crate::fault::Fault;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// One fault, made to happen, judged and recovered from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The fault that was asked for.
    pub fault: Fault,
    /// How it went.
    pub status: Status,
    /// How long it took, in seconds.
    #[serde(with = "seconds")]
    pub seconds: Duration,
    /// What the naive program met.
    pub naive: Option<Arm>,
    /// What the hardened program (or the fix) made of it.
    pub hardened: Option<Arm>,
    /// What the rules say.
    pub verdict: Option<Verdict>,
    /// What was expected of this run, each with what was seen.
    pub checks: Vec<Check>,
    /// What was read from the live system while the fault stood.
    pub evidence: Vec<Evidence>,
    /// Everything that happened.
    pub events: Vec<Event>,
    /// For `unsupported`: what it needs. For `failed`: what broke, when the stage itself did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It really happened, was judged as itself, and the recovery worked.
    Reproduced,
    /// It did not.
    Failed,
    /// It cannot run, or cannot be judged, here.
    Unsupported,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Reproduced => "reproduced",
            Self::Failed => "failed",
            Self::Unsupported => "unsupported",
        })
    }
}

/// One of the two programs that meet the fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Whether it got what it wanted.
    pub ok: bool,
    /// The name of the errno that ended it, if the operating system gave one.
    pub errno: Option<String>,
    /// The failure that ended it, or the last one that it recovered from.
    pub failure: Option<Failure>,
    /// How many attempts it made.
    pub attempts: u32,
    /// What it got in the end: a reply, an address.
    pub result: Option<String>,
    /// How long it took, in seconds.
    #[serde(with = "seconds")]
    pub seconds: Duration,
}

/// One expectation, with what was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was expected of what.
    pub name: String,
    /// The expected value.
    pub want: String,
    /// The value that was seen.
    pub got: String,
    /// Whether they agree.
    pub passed: bool,
}

impl Check {
    /// Compares what was seen with what was wanted.
    pub fn equal(name: &str, want: impl Into<String>, got: impl Into<String>) -> Self {
        let (want, got) = (want.into(), got.into());
        Self { name: name.to_owned(), passed: want == got, want, got }
    }
}

impl Arm {
    /// An attempt that ended in `failure`.
    pub fn failed(failure: Failure, attempts: u32) -> Self {
        let errno = failure.errno().map(|errno| errno.name.to_string());
        Self { ok: false, errno, seconds: failure.elapsed, failure: Some(failure), attempts, result: None }
    }

    /// Success after `attempts`, with the failure that was recovered from, if one was met.
    pub fn succeeded(
        result: impl Into<String>,
        attempts: u32,
        met: Option<Failure>,
        seconds: Duration,
    ) -> Self {
        Self { ok: true, errno: None, failure: met, attempts, result: Some(result.into()), seconds }
    }
}
