//! So many bytes, then the end.

use super::{Behaviour, End, Line, Piece};
use crate::impair::Effect;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Limit {
    left: u64,
    over: bool,
}

impl Limit {
    pub(super) fn new(bytes: u64) -> Self {
        Self { left: bytes, over: false }
    }
}

impl Behaviour for Limit {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        if self.over {
            return;
        }
        let Piece::Data(mut bytes) = piece else {
            line.pass(piece, at, at);
            return;
        };
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let passes = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        let lost = bytes.split_off(passes).len();
        self.over = length >= self.left;
        self.left = self.left.saturating_sub(length);
        if !bytes.is_empty() {
            line.pass(Piece::Data(bytes), at, at);
        }
        if self.over {
            line.did(Effect::Closed, lost);
            line.pass(Piece::End(End::Closed), at, at);
        }
    }
}
