//! So many bytes a second; the sender is slowed.

use super::{Behaviour, Line, Piece};
use crate::impair::{Effect, Pacer, Rate};
use std::time::Duration;

/// What goes on at once lasts no longer than this.
const GRAIN: Duration = Duration::from_millis(5);

/// Bytes that wait, as time: enough to bridge a wake-up that comes late.
const AHEAD: Duration = Duration::from_millis(50);

/// And at least so many bytes.
const LEAST: u64 = 16 * 1024;

#[derive(Debug)]
pub(super) struct Pace(Pacer);

impl Pace {
    pub(super) fn new(rate: Rate, now: Duration) -> Self {
        Self(Pacer::new(rate, now))
    }
}

impl Behaviour for Pace {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        let length = piece.length();
        let Piece::Data(mut bytes) = piece else {
            let until = self.0.take(at, 0);
            line.pass(piece, at, until);
            return;
        };
        if self.0.rate().bytes_per_second == 0 {
            line.did(Effect::Held, length);
            line.pass(Piece::Data(bytes), at, Duration::MAX);
            return;
        }
        let grain = usize::try_from(self.0.rate().passes(GRAIN)).unwrap_or(usize::MAX).max(1);
        let mut until = at;
        while !bytes.is_empty() {
            let part = bytes.split_to(grain.min(bytes.len()));
            until = self.0.take(at, u64::try_from(part.len()).unwrap_or(u64::MAX));
            line.pass(Piece::Data(part), at, until);
        }
        line.did(Effect::Delayed(until.saturating_sub(at)), length);
    }

    fn room(&self) -> usize {
        usize::try_from(self.0.rate().passes(AHEAD).max(LEAST)).unwrap_or(usize::MAX)
    }
}
