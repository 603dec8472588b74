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
    /// What exponential waits, a fifth more or less, as gRPC does.
    Grpc,
    /// Anything below a bound that grows as 1, 3, 7 times the base, as Envoy does.
    Envoy,
}

impl Backoff {
    /// Every policy.
    pub const ALL: &[Self] = &[
        Self::None,
        Self::Exponential,
        Self::FullJitter,
        Self::EqualJitter,
        Self::Decorrelated,
        Self::Grpc,
        Self::Envoy,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Exponential => "exponential",
            Self::FullJitter => "full-jitter",
            Self::EqualJitter => "equal-jitter",
            Self::Decorrelated => "decorrelated",
            Self::Grpc => "grpc",
            Self::Envoy => "envoy",
        }
    }

    /// The delay as a formula, in the symbols of [`crate::retry`].
    pub const fn formula(self) -> &'static str {
        match self {
            Self::None => "0",
            Self::Exponential => "v = min(cap, base × 2ⁿ)",
            Self::FullJitter => "U(0, v), v = min(cap, base × 2ⁿ)",
            Self::EqualJitter => "v/2 + U(0, v/2), v = min(cap, base × 2ⁿ)",
            Self::Decorrelated => "s = min(cap, U(base, 3 × s before)), from s = base",
            Self::Grpc => "v × U(0.8, 1.2), v = min(cap, base × 2ⁿ)",
            Self::Envoy => "U[0, min(cap, base × (2ⁿ⁺¹ − 1)))",
        }
    }
}

impl fmt::Display for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
