//! Something that happens to some, with luck that may last.

use super::Dice;

/// How likely something is, and how much the next decision is like the last.
///
/// With probability `correlation` the last decision is repeated, else a new one is drawn. So the share stays
/// `probability`, and decisions that are n apart correlate by `correlation`ⁿ. tc-netem(8) blends the random numbers
/// instead (x = u(1−ρ) + last·ρ), which makes rare losses rarer than asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// The share of decisions that are "yes", 0 to 1.
    pub probability: f64,
    /// 0 (independent) to 1 (always as the first).
    pub correlation: f64,
}

impl Chance {
    /// Decisions that do not depend on each other.
    pub const fn of(probability: f64) -> Self {
        Self { probability, correlation: 0.0 }
    }
}

/// The decisions of a [`Chance`], in order.
#[derive(Clone, Debug)]
pub struct Chances {
    chance: Chance,
    last: Last<bool>,
}

impl Chances {
    /// None made yet.
    pub fn new(chance: Chance) -> Self {
        Self { chance, last: Last::new(chance.correlation) }
    }

    /// The next decision.
    pub fn next(&mut self, dice: &mut Dice) -> bool {
        let probability = self.chance.probability;
        self.last.draw(dice, |dice| dice.chance(probability))
    }
}

/// Repeats the last draw as often as the correlation says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Last<T> {
    correlation: f64,
    drawn: Option<T>,
}

impl<T: Copy> Last<T> {
    pub(super) fn new(correlation: f64) -> Self {
        Self { correlation, drawn: None }
    }

    pub(super) fn draw(&mut self, dice: &mut Dice, fresh: impl FnOnce(&mut Dice) -> T) -> T {
        let repeats = self.correlation > 0.0 && dice.chance(self.correlation);
        let drawn = match self.drawn {
            Some(last) if repeats => last,
            _ => fresh(dice),
        };
        self.drawn = Some(drawn);
        drawn
    }
}
