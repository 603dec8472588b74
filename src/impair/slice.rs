//! Pieces of a stream cut smaller.

use super::Dice;
use std::num::NonZeroUsize;
use std::time::Duration;

/// Cuts pieces in two, near the middle, until they are about as large as asked for: as Toxiproxy's `slicer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The size that pieces get on average, in bytes.
    pub average: NonZeroUsize,
    /// How far a cut may lie from the middle, and a piece above the average, in bytes.
    pub variation: usize,
    /// The pause between two pieces.
    pub pause: Duration,
}

impl Slice {
    /// The lengths of the pieces, in order; their sum is `length`, and none is 0.
    pub fn cut(&self, length: usize, dice: &mut Dice) -> Vec<usize> {
        let mut pieces = Vec::new();
        let mut left = vec![length];
        while let Some(length) = left.pop() {
            if length <= self.average.get().saturating_add(self.variation) || length < 2 {
                pieces.extend((length > 0).then_some(length));
                continue;
            }
            let wide = u64::try_from(self.variation).unwrap_or(u64::MAX).saturating_mul(2).saturating_add(1);
            let aside = usize::try_from(dice.below(wide)).unwrap_or(usize::MAX);
            let middle = (length / 2).saturating_add(aside).saturating_sub(self.variation);
            let middle = middle.clamp(1, length - 1);
            left.push(length - middle);
            left.push(middle);
        }
        pieces
    }
}
