//! The end of a stream comes late, or never.

use super::{Behaviour, End, Line, Piece};
use crate::impair::Effect;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct SlowClose(pub(super) Duration);

impl Behaviour for SlowClose {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        let is_close = matches!(piece, Piece::End(End::Finished | End::Closed));
        let by = if is_close { self.0 } else { Duration::ZERO };
        if !by.is_zero() {
            line.did(Effect::Delayed(by), 0);
        }
        line.pass(piece, at, at.saturating_add(by));
    }
}

#[derive(Debug)]
pub(super) struct HalfOpen;

impl Behaviour for HalfOpen {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        let is_end = matches!(piece, Piece::End(_));
        if is_end {
            line.did(Effect::Held, 0);
        }
        line.pass(piece, at, if is_end { Duration::MAX } else { at });
    }
}
