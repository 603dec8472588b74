//! Everything arrives later, measured from when it came: a stream keeps its bandwidth.

use super::{Behaviour, Line, Piece};
use crate::impair::{Delay, Delays, Dice, Effect};
use std::time::Duration;

/// Enough for 100 ms at 320 MB/s.
const ROOM: usize = 32 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Latency {
    delays: Delays,
    dice: Dice,
}

impl Latency {
    pub(super) fn new(delay: Delay, dice: Dice) -> Self {
        Self { delays: Delays::new(delay), dice }
    }
}

impl Behaviour for Latency {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        let by = self.delays.next(&mut self.dice);
        if !by.is_zero() {
            line.did(Effect::Delayed(by), piece.length());
        }
        line.pass(piece, at, at.saturating_add(by));
    }

    fn room(&self) -> usize {
        ROOM
    }
}
