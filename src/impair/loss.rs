//! Loss: which ones never arrive.

use super::{Chance, Chances, Dice};
use std::num::NonZeroU64;

/// Which packets are lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Loss {
    /// Each with the same probability, perhaps in bursts.
    Random(Chance),
    /// Two states, good and bad, each with a probability of loss of its own (Gilbert 1960, Elliott 1963). Of a packet
    /// the change of state is drawn first, and its loss by the state before: as `loss gemodel` of tc-netem(8).
    GilbertElliott {
        /// From good to bad.
        p: f64,
        /// From bad to good.
        r: f64,
        /// Loss in the bad state (1−h).
        bad: f64,
        /// Loss in the good state (1−k).
        good: f64,
    },
    /// The first so many.
    First(NonZeroU64),
    /// Each so manieth.
    Every(NonZeroU64),
}

/// The decisions of a [`Loss`], in order.
#[derive(Clone, Debug)]
pub struct Losses {
    loss: Loss,
    chances: Chances,
    is_bad: bool,
    seen: u64,
}

impl Losses {
    /// None made yet; a Gilbert–Elliott model starts in the good state.
    pub fn new(loss: Loss) -> Self {
        let chance = if let Loss::Random(chance) = loss { chance } else { Chance::of(0.0) };
        Self { loss, chances: Chances::new(chance), is_bad: false, seen: 0 }
    }

    /// Whether the next one is lost.
    pub fn next(&mut self, dice: &mut Dice) -> bool {
        self.seen += 1;
        match self.loss {
            Loss::Random(_) => self.chances.next(dice),
            Loss::GilbertElliott { p, r, bad, good } => {
                let was_bad = self.is_bad;
                if dice.chance(if was_bad { r } else { p }) {
                    self.is_bad = !was_bad;
                }
                dice.chance(if was_bad { bad } else { good })
            }
            Loss::First(count) => self.seen <= count.get(),
            Loss::Every(count) => self.seen.is_multiple_of(count.get()),
        }
    }
}
