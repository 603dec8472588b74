//! Slow-loris: sends a byte now and then and never a line end, so that a server which bounds only the silence between
//! two bytes keeps the connection for ever.

use super::Target;
use super::held::{Ended, Held};
use crate::failure::Failure;
use crate::trace::{Actor, Deadline};
use std::time::Duration;

/// How a client drips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drip {
    /// Its bytes are sent over and over, except line ends.
    pub text: String,
    /// Between two bytes.
    pub every: Duration,
    /// How long it goes on, if it is let; `None` for ever.
    pub time: Option<Duration>,
    /// For the connect.
    pub patience: Duration,
}

/// Drips until the other end closes, or the time is over.
pub fn drip(actor: &Actor, target: Target, how: &Drip) -> Result<Ended, Failure> {
    let mut held = Held::open(actor, target, how.patience)?;
    let until = how.time.map(|time| actor.recorder().deadline(time));
    let ended = drip_on(&mut held, actor, how, until.as_ref());
    Ok(ended.err().unwrap_or_else(|| held.leave()))
}

fn drip_on(held: &mut Held, actor: &Actor, how: &Drip, until: Option<&Deadline>) -> Result<(), Ended> {
    let bytes: Vec<u8> = how.text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    for byte in bytes.iter().cycle() {
        held.send(&[*byte])?;
        let pause =
            until.map_or_else(|| actor.recorder().deadline(how.every), |until| until.or_within(how.every));
        held.wait(Some(&pause))?;
        if until.is_some_and(|until| until.left().is_none()) {
            return Ok(());
        }
    }
    // There was no byte to send.
    held.wait(until)
}
