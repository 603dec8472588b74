//! The names of the policies.

use std::fmt;

/// How the delay before the next attempt grows; the formulas stand at the top of [`crate::retry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backoff {
    /// No delay.
    None,
    /// Doubles each time.
    Exponential,
    /// Anything from nothing up to what exponential waits.
    FullJitter,
    /// At least half of what exponential waits.
    EqualJitter,
    /// Anything from the base up to three times the delay before.
    Decorrelated,
}

impl Backoff {
    /// Every policy.
    pub const ALL: &[Self] =
        &[Self::None, Self::Exponential, Self::FullJitter, Self::EqualJitter, Self::Decorrelated];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Exponential => "exponential",
            Self::FullJitter => "full-jitter",
            Self::EqualJitter => "equal-jitter",
            Self::Decorrelated => "decorrelated",
        }
    }
}

impl fmt::Display for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
