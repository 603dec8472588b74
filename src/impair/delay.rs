//! Delay with jitter.

use super::Dice;
use super::chance::Last;
use std::f64::consts::TAU;
use std::time::Duration;

/// A delay of `base`, give or take `jitter`.
///
/// With z from the distribution, the delay is max(0, base + jitter · z):
///
/// | distribution | z | mean of z | standard deviation |
/// |-|-|-|-|
/// | uniform | U(−1, 1) | 0 | 1/√3 |
/// | normal | √(−2 ln u₁) · cos 2πu₂ (Box, Muller 1958) | 0 | 1 |
/// | pareto | (u^(−1/3) − 3/2) / √(3/4), a Pareto distribution of shape 3 | 0 | 1 |
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delay {
    /// The delay without jitter.
    pub base: Duration,
    /// How wide it varies.
    pub jitter: Duration,
    /// How it varies.
    pub distribution: Distribution,
    /// How often the last delay is repeated, 0 to 1.
    pub correlation: f64,
}

impl Delay {
    /// Always the same delay.
    pub const fn constant(base: Duration) -> Self {
        Self { base, jitter: Duration::ZERO, distribution: Distribution::Uniform, correlation: 0.0 }
    }
}

/// A shape of random delays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Distribution {
    /// Each delay between base − jitter and base + jitter as likely as the next.
    #[default]
    Uniform,
    /// A bell; jitter is its standard deviation.
    Normal,
    /// Mostly short, now and then very long; jitter is its standard deviation.
    Pareto,
}

impl Distribution {
    /// Every distribution.
    pub const ALL: &[Self] = &[Self::Uniform, Self::Normal, Self::Pareto];

    /// The name in commands and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Normal => "normal",
            Self::Pareto => "pareto",
        }
    }

    /// z of the formulas. Logarithm, power and cosine are libm's: those of the platforms differ in the last digit.
    fn draw(self, dice: &mut Dice) -> f64 {
        match self {
            Self::Uniform => 2.0 * dice.unit() - 1.0,
            Self::Normal => {
                let (u1, u2) = (1.0 - dice.unit(), dice.unit());
                libm::sqrt(-2.0 * libm::log(u1)) * libm::cos(TAU * u2)
            }
            Self::Pareto => {
                let u = 1.0 - dice.unit();
                (libm::cbrt(1.0 / u) - 1.5) / libm::sqrt(0.75)
            }
        }
    }
}

/// The delays of a [`Delay`], in order.
#[derive(Clone, Debug)]
pub struct Delays {
    delay: Delay,
    last: Last<f64>,
}

impl Delays {
    /// None drawn yet.
    pub fn new(delay: Delay) -> Self {
        Self { delay, last: Last::new(delay.correlation) }
    }

    /// The next delay.
    pub fn next(&mut self, dice: &mut Dice) -> Duration {
        let Delay { base, jitter, distribution, .. } = self.delay;
        if jitter.is_zero() {
            return base;
        }
        let z = self.last.draw(dice, |dice| distribution.draw(dice));
        let seconds = base.as_secs_f64() + jitter.as_secs_f64() * z;
        Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
    }
}
