//! Pieces that are missing, or have a wrong bit.

use super::{Behaviour, Line, Piece};
use crate::impair::{Chance, Chances, Dice, Effect, Loss, Losses};
use bytes::BytesMut;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Losing {
    losses: Losses,
    dice: Dice,
}

impl Losing {
    pub(super) fn new(loss: Loss, dice: Dice) -> Self {
        Self { losses: Losses::new(loss), dice }
    }
}

impl Behaviour for Losing {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        if matches!(piece, Piece::Data(_)) && self.losses.next(&mut self.dice) {
            line.did(Effect::Dropped, piece.length());
        } else {
            line.pass(piece, at, at);
        }
    }
}

#[derive(Debug)]
pub(super) struct Corrupting {
    chances: Chances,
    dice: Dice,
}

impl Corrupting {
    pub(super) fn new(chance: Chance, dice: Dice) -> Self {
        Self { chances: Chances::new(chance), dice }
    }
}

impl Behaviour for Corrupting {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        let piece = match piece {
            Piece::Data(bytes) if self.chances.next(&mut self.dice) => {
                let bits = u64::try_from(bytes.len()).unwrap_or(u64::MAX).saturating_mul(8);
                let bit = usize::try_from(self.dice.below(bits)).unwrap_or_default();
                let mut bytes = BytesMut::from(bytes);
                flip(&mut bytes, bit);
                line.did(Effect::Corrupted(bit), bytes.len());
                Piece::Data(bytes.freeze())
            }
            piece => piece,
        };
        line.pass(piece, at, at);
    }
}

/// Flips a bit, counted from the most significant one of the first byte.
pub(in crate::proxy) fn flip(bytes: &mut [u8], bit: usize) {
    if let Some(byte) = bytes.get_mut(bit / 8) {
        *byte ^= 0x80 >> (bit % 8);
    }
}
