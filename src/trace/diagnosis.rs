//! What was found out about a target of the user's own.

use super::{Event, Evidence, Hop, Verdict};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// A target that was looked at, and what is the matter with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The target as it was asked for: `tcp localhost:12345`.
    pub target: String,
    /// Whether something is the matter.
    pub status: Health,
    /// What the rules say; `None` when nothing is the matter.
    pub verdict: Option<Verdict>,
    /// Each address that the target stands for, in the order in which programs try them.
    pub addresses: Vec<Reached>,
    /// For a page: each request with its stages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hops: Vec<Hop>,
    /// What was read from the live system.
    pub evidence: Vec<Evidence>,
    /// Everything that was done.
    pub events: Vec<Event>,
    /// A command to go on with.
    pub next: String,
}

/// One address of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reached {
    /// The address.
    pub address: SocketAddr,
    /// Whether something is the matter with it.
    pub status: Health,
    /// What the rules say.
    pub verdict: Option<Verdict>,
}

/// Whether something is the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// It works.
    Healthy,
    /// It cannot be told from here.
    Inconclusive,
    /// Something is.
    Fault,
}
