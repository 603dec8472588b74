//! Faults that need a network of several hosts: this program is started again where it may make one, for each fault anew,
//! and tells its outcome as JSON.

use super::{Clients, Network, Settings, ended_early};
use crate::fault::Fault;
use crate::trace::{Outcome, Status};
use crate::vnet;
use serde::Deserialize;
use std::io;
use std::process::{Child, Stdio};
use std::sync::OnceLock;

/// What such a program tells.
#[derive(Deserialize)]
struct Told {
    outcomes: Vec<Outcome>,
}

/// A process in which a fault happens.
pub(super) struct Started {
    fault: Fault,
    process: Child,
}

/// Has a fault happen elsewhere, as long as the thread that calls this lives; the outcome when it cannot.
pub(super) fn start(fault: Fault, settings: &Settings) -> Result<Started, Box<Outcome>> {
    if let Err(refusal) = allowed(settings) {
        let needs = format!("a network of several hosts. {refusal}. {}", refusal.remedy);
        return Err(Box::new(ended_early(fault, Status::Unsupported, needs)));
    }
    let process = process(fault, settings).map_err(|error| {
        Box::new(ended_early(fault, Status::Failed, format!("starting this program again: {error}")))
    })?;
    Ok(Started { fault, process })
}

/// Whether there can be such a network: asked once.
fn allowed(settings: &Settings) -> &'static Result<(), vnet::Refusal> {
    static ALLOWED: OnceLock<Result<(), vnet::Refusal>> = OnceLock::new();
    ALLOWED.get_or_init(|| vnet::can_run(&settings.program))
}

fn process(fault: Fault, settings: &Settings) -> io::Result<Child> {
    let seed = settings.seed.to_string();
    let words = [
        "reproduce",
        fault.id(),
        "--network",
        Network::Virtual.name(),
        // The fault happens in any case; whoever asked for one arm only is shown one.
        "--client",
        if settings.clients == Clients::Naive { Clients::Naive } else { Clients::Both }.name(),
        "--seed",
        &seed,
        "--format",
        "json",
        "--quiet",
    ];
    vnet::inside(&settings.program, words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

impl Started {
    /// What came of it.
    pub(super) fn outcome(self, settings: &Settings) -> Outcome {
        let mut outcome =
            told(self.process).unwrap_or_else(|why| ended_early(self.fault, Status::Failed, why));
        if settings.clients == Clients::Hardened {
            outcome.naive = None;
        }
        outcome
    }
}

fn told(process: Child) -> Result<Outcome, String> {
    let ended = process.wait_with_output().map_err(|error| format!("waiting for its process: {error}"))?;
    let said = || {
        let (status, stderr) = (ended.status, String::from_utf8_lossy(&ended.stderr).into_owned());
        format!("the process of its network ended with {status}: {}", stderr.trim())
    };
    let told: Told = serde_json::from_slice(&ended.stdout).map_err(|_| said())?;
    told.outcomes.into_iter().next().ok_or_else(said)
}
