//! Connects and says nothing: who serves one client at a time serves nobody else meanwhile.

use super::Target;
use super::held::{Ended, Held};
use crate::failure::Failure;
use crate::trace::Actor;
use std::time::Duration;

/// Stays until the other end closes, or for so long; `patience` is for the connect. Over UDP, where nobody can see a
/// client that says nothing, it only has its port.
pub fn stay(
    actor: &Actor,
    target: Target,
    patience: Duration,
    time: Option<Duration>,
) -> Result<Ended, Failure> {
    let held = Held::open(actor, target, patience)?;
    let until = time.map(|time| actor.recorder().deadline(time));
    Ok(held.wait(until.as_ref()).err().unwrap_or_else(|| held.leave()))
}
