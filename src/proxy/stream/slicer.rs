//! Data in small pieces, with pauses.

use super::{Behaviour, Line, Piece};
use crate::impair::{Dice, Effect, Slice};
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Slicer {
    slice: Slice,
    dice: Dice,
    /// When the last piece goes on.
    last: Duration,
}

impl Slicer {
    pub(super) fn new(slice: Slice, dice: Dice) -> Self {
        Self { slice, dice, last: Duration::ZERO }
    }
}

impl Behaviour for Slicer {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        let Piece::Data(mut bytes) = piece else {
            line.pass(piece, at, at);
            return;
        };
        let whole = bytes.len();
        let lengths = self.slice.cut(whole, &mut self.dice);
        if lengths.len() > 1 {
            line.did(Effect::Sliced(lengths.len()), whole);
        }
        for length in lengths {
            let pause = if self.last.is_zero() { Duration::ZERO } else { self.slice.pause };
            self.last = at.max(self.last.saturating_add(pause));
            line.pass(Piece::Data(bytes.split_to(length)), at, self.last);
        }
    }
}
