//! Faults that need a network of several hosts: this program is started again where it may make one, for each fault anew,
//! and tells its outcome as JSON.

use super::{Clients, Network, Settings, ended_early};
use crate::fault::Fault;
use crate::trace::{Outcome, Status};
use crate::vnet;
use serde::Deserialize;
use std::process::Stdio;
use std::sync::OnceLock;

/// What such a program tells.
#[derive(Deserialize)]
struct Told {
    outcomes: Vec<Outcome>,
}

/// Makes a fault happen elsewhere.
pub(super) fn one(fault: Fault, settings: &Settings) -> Outcome {
    if let Err(refusal) = allowed(settings) {
        let needs = format!("a network of several hosts. {refusal}. {}", refusal.remedy);
        return ended_early(fault, Status::Unsupported, needs);
    }
    perform(fault, settings).unwrap_or_else(|why| ended_early(fault, Status::Failed, why))
}

/// Whether there can be such a network: asked once.
fn allowed(settings: &Settings) -> &'static Result<(), vnet::Refusal> {
    static ALLOWED: OnceLock<Result<(), vnet::Refusal>> = OnceLock::new();
    ALLOWED.get_or_init(|| vnet::can_run(&settings.program))
}

fn perform(fault: Fault, settings: &Settings) -> Result<Outcome, String> {
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
    let ended = vnet::inside(&settings.program, words)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("starting this program again: {error}"))?;
    let said = || {
        let (status, stderr) = (ended.status, String::from_utf8_lossy(&ended.stderr).into_owned());
        format!("the process of its network ended with {status}: {}", stderr.trim())
    };
    let told: Told = serde_json::from_slice(&ended.stdout).map_err(|_| said())?;
    let mut outcome = told.outcomes.into_iter().next().ok_or_else(said)?;
    if settings.clients == Clients::Hardened {
        outcome.naive = None;
    }
    Ok(outcome)
}
