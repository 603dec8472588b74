//! What came of a scenario before anybody judged it: all that expectations are checked against. Nothing else is, so that
//! a saved trace can be checked again.

use crate::trace::{Event, Evidence, Judged};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The actor of what the runner itself does: steps, and the two ends of the timeline.
pub const RUNNER: &str = "scenario";

/// The text of the step with which the timeline begins.
pub const BEGINS: &str = "the timeline begins";

/// The text of the step with which the timeline ends; what runs still is stopped after it.
pub const ENDS: &str = "the timeline ends";

/// A scenario that was played.
///
/// Programs are actors under their names: what the runner saw of them (`Launched`, `Wrote`, `Exited`) and, of programs
/// that write a trace, every call. Links are actors as `link NAME`: every connection (`accept` finished) and everything
/// that an impairment did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Played {
    /// Everything that happened, in order of time; the position of each is its `seq`.
    pub events: Vec<Event>,
    /// What was read from the live system.
    pub evidence: Vec<Evidence>,
    /// What the rules make of each failed call, and of `diagnose` steps.
    pub verdicts: Vec<Judged>,
    /// Of each listening program its address, and those of the links that lead to it.
    pub addresses: BTreeMap<String, Vec<SocketAddr>>,
}

/// The actor of a link.
pub fn link_actor(name: &str) -> String {
    format!("link {name}")
}
