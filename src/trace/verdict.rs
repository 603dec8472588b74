//! What the rules make of events and evidence: which fault, how sure, and what points at it.

use crate::fault::Fault;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A judgement. Every word of it can be traced back to an event or a piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The fault, or `None` when the evidence does not tell one cause from another.
    pub fault: Option<Fault>,
    /// How sure.
    pub confidence: Confidence,
    /// What points at it.
    pub because: Vec<Because>,
    /// Other causes that it cannot be, and what says so.
    pub ruled_out: Vec<RuledOut>,
    /// What this user on this platform could not see.
    pub unseen: Vec<Unseen>,
    /// Which of the causes on the fault's page it is, counted from 0, where the evidence tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<usize>,
}

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The evidence does not tell.
    Unknown,
    /// The evidence fits, and would fit something else too.
    Consistent,
    /// The evidence leaves no other cause.
    Proved,
}

/// A pointer to what supports a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Because {
    /// `seq` of an event of the trace.
    Event(usize),
    /// Position in the list of evidence.
    Evidence(usize),
}

/// A cause that is not the one, and the evidence against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuledOut {
    /// The cause.
    pub fault: Fault,
    /// What speaks against it.
    #[serde(flatten)]
    pub by: Because,
}

/// Something that could not be seen, and would have mattered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unseen {
    /// Which process holds a socket of another user; root would show it.
    OtherUsersProcesses,
    /// Which options the holder of a socket set on it; root would show it.
    HolderOptions,
    /// Anything on the host at the other end.
    RemoteHost,
    /// Packet filters of this host; no reader looks at them.
    PacketFilter,
    /// The socket table; this platform has no reader for it.
    SocketTable,
}

impl Verdict {
    /// The verdict when no rule, or more than one, fits.
    pub fn unknown(unseen: Vec<Unseen>) -> Self {
        Self {
            fault: None,
            confidence: Confidence::Unknown,
            because: Vec::new(),
            ruled_out: Vec::new(),
            unseen,
            cause: None,
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unknown => "unknown",
            Self::Consistent => "consistent",
            Self::Proved => "proved",
        })
    }
}
