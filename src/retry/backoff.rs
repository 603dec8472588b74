//! The names of the policies.

use std::fmt;
use std::str::FromStr;

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

/// A name that no policy has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownBackoff(pub String);

impl fmt::Display for UnknownBackoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Backoff::ALL.iter().map(|backoff| backoff.name()).collect();
        write!(f, "no backoff is named {:?}: {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownBackoff {}

impl FromStr for Backoff {
    type Err = UnknownBackoff;

    fn from_str(given: &str) -> Result<Self, UnknownBackoff> {
        let found = Self::ALL.iter().copied().find(|backoff| backoff.name() == given);
        found.ok_or_else(|| UnknownBackoff(given.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_answers_to_its_name() {
        for backoff in Backoff::ALL {
            assert_eq!(backoff.name().parse(), Ok(*backoff));
        }
        assert!("jitter".parse::<Backoff>().is_err());
    }
}
