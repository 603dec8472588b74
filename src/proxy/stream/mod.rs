//! One direction of a stream on its way through the toxics. No socket and no clock: pieces and the time come in,
//! pieces come out, so that every behaviour is tested without waiting.
//!
//! ```text
//! push → link (toxic 1) → link (toxic 2) → … → out
//! ```
//!
//! A link is first in, first out. Each piece in it has a time at which it goes on; toxics that hold something back
//! give it [`Duration::MAX`], which is the end of the toxic's time. When a toxic goes, its link gives all that it holds to the next one, in order.

mod closing;
mod damage;
mod latency;
mod limit;
mod link;
mod pace;
mod pipe;
#[cfg(test)]
mod removal_tests;
mod reset;
mod silence;
mod slicer;
#[cfg(test)]
mod tests;

pub(super) use damage::flip;
pub(super) use link::Link;
pub(super) use pipe::{Act, Pipe};

use crate::impair::{Dice, Effect, Impairment};
use bytes::Bytes;
use std::collections::VecDeque;
use std::fmt::Debug;
use std::time::Duration;

/// Bytes that a link takes in before the sender has to wait, where the toxic does not ask for more.
const ROOM: usize = 64 * 1024;

/// A part of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Some bytes, never none.
    Data(Bytes),
    /// Its end; nothing follows.
    End(End),
}

impl Piece {
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Data(bytes) => bytes.len(),
            Self::End(_) => 0,
        }
    }
}

/// How a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// FIN: nothing more will be sent this way.
    Finished,
    /// A toxic closes the connection, both ways.
    Closed,
    /// RST: the connection is gone, both ways.
    Reset,
}

/// What a toxic does with a stream.
pub(super) trait Behaviour: Debug + Send {
    /// Takes a piece that arrives `at`.
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line);

    /// When it has to do something of its own accord.
    fn due(&self) -> Option<Duration> {
        None
    }

    /// That time has come.
    fn wake(&mut self, _now: Duration, _line: &mut Line) {}

    /// Bytes it takes in before the sender has to wait.
    fn room(&self) -> usize {
        ROOM
    }

    /// Whether the connection is closed when the toxic goes.
    fn closes_when_removed(&self) -> bool {
        false
    }
}

/// The pieces that a toxic has taken, and what it tells.
#[derive(Debug)]
pub(super) struct Line {
    /// When the toxic's time is over: nothing is held for longer.
    over: Duration,
    /// When each piece goes on, and when it arrived.
    held: VecDeque<Held>,
    bytes: usize,
    /// What was done, to how many bytes, since it was last asked.
    acts: Vec<(Effect, usize)>,
}

/// A piece in a link.
#[derive(Debug)]
struct Held {
    until: Duration,
    arrived: Duration,
    piece: Piece,
}

impl Line {
    fn new(over: Duration) -> Self {
        Self { over, held: VecDeque::new(), bytes: 0, acts: Vec::new() }
    }

    /// The piece that arrived at one time goes on at another, and never before one that came before it.
    fn pass(&mut self, piece: Piece, arrived: Duration, until: Duration) {
        let until = if until == Duration::MAX { self.over } else { until };
        let until = self.held.back().map_or(until, |last| until.max(last.until));
        self.bytes += piece.length();
        self.held.push_back(Held { until, arrived, piece });
    }

    /// Notes what was done to so many bytes.
    fn did(&mut self, effect: Effect, bytes: usize) {
        self.acts.push((effect, bytes));
    }

    /// Forgets all that is held, and tells how many bytes those were.
    fn forget(&mut self) -> usize {
        self.held.clear();
        std::mem::take(&mut self.bytes)
    }
}

/// What `impairment` does with one direction of a connection that is open `now`; `None` if it does nothing with
/// streams.
fn behaviour(impairment: &Impairment, now: Duration, dice: Dice) -> Option<Box<dyn Behaviour>> {
    Some(match impairment {
        Impairment::Delay(delay) => Box::new(latency::Latency::new(*delay, dice)),
        Impairment::Rate(rate) => Box::new(pace::Pace::new(*rate, now)),
        Impairment::Loss(loss) => Box::new(damage::Losing::new(*loss, dice)),
        Impairment::Corrupt(chance) => Box::new(damage::Corrupting::new(*chance, dice)),
        Impairment::Slice(slice) => Box::new(slicer::Slicer::new(*slice, dice)),
        Impairment::Limit { bytes } => Box::new(limit::Limit::new(*bytes)),
        Impairment::SlowClose { delay } => Box::new(closing::SlowClose(*delay)),
        Impairment::HalfOpen => Box::new(closing::HalfOpen),
        Impairment::Silence { close_after } => Box::new(silence::Silence::new(*close_after, now)),
        Impairment::Blackhole => Box::new(silence::Blackhole),
        Impairment::ResetPeer { after } => Box::new(reset::ResetPeer::new(*after)),
        Impairment::ResetAfter { bytes, time } => Box::new(reset::ResetAfter::new(*bytes, *time, now)),
        Impairment::Duplicate(_) | Impairment::Reorder(_) | Impairment::Refuse { .. } => return None,
    })
}
