//! Strategies named after the systems whose published defaults they are.

use super::{Backoff, Breaker, Budget, Policy, Strategy};
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// A set of published defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// The AWS SDKs' standard retry mode ("Retry behavior", AWS SDKs and Tools Reference Guide): three attempts,
    /// full jitter up to 20 s, a quota of 500 tokens of which a retry takes 5 and one after a time-out 10.
    Aws,
    /// A gRPC service configuration (gRFC A6) at its limit of five attempts, with the throttling of its example:
    /// ten tokens, a success gives a tenth.
    Grpc,
    /// Envoy's router ("Automatic retries", "Circuit breaking", "Outlier detection"): one retry, jittered
    /// from 25 ms, a fifth of the requests in flight may be retries; five errors in a row eject for 30 s.
    Envoy,
    /// Finagle's `RetryBudget` ("Clients", Finagle user's guide): retries are a fifth of the requests of the last
    /// ten seconds, and ten a second are free.
    Finagle,
}

impl Preset {
    /// Every preset.
    pub const ALL: &[Self] = &[Self::Aws, Self::Grpc, Self::Envoy, Self::Finagle];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Grpc => "grpc",
            Self::Envoy => "envoy",
            Self::Finagle => "finagle",
        }
    }

    /// The strategy, with a time-out for each attempt, which none of them prescribes.
    pub fn strategy(self, timeout: Duration) -> Strategy {
        let once = Strategy::once(timeout);
        let (seconds, millis) = (Duration::from_secs, Duration::from_millis);
        match self {
            Self::Aws => Strategy {
                policy: policy(3, Backoff::FullJitter, seconds(1), seconds(20)),
                budget: Some(Budget::Aws { tokens: 500, retry: 5, timeout: 10, refund: 1 }),
                ..once
            },
            Self::Grpc => Strategy {
                policy: policy(5, Backoff::Grpc, millis(100), seconds(1)),
                budget: Some(Budget::Grpc { max_tokens: 10, ratio: 0.1 }),
                ..once
            },
            Self::Envoy => Strategy {
                policy: policy(2, Backoff::Envoy, millis(25), millis(250)),
                budget: Some(Budget::Envoy { ratio: 0.2, min: 3 }),
                breaker: Some(Breaker::Consecutive { failures: 5, open_for: seconds(30), probes: 1 }),
                ..once
            },
            Self::Finagle => Strategy {
                policy: policy(3, Backoff::None, Duration::ZERO, Duration::ZERO),
                budget: Some(Budget::Finagle { ttl: seconds(10), min_per_s: 10.0, ratio: 0.2 }),
                ..once
            },
        }
    }
}

fn policy(attempts: u32, backoff: Backoff, base: Duration, cap: Duration) -> Policy {
    Policy { backoff, base, cap, seed: 0, attempts: NonZeroU32::new(attempts).unwrap_or(NonZeroU32::MIN) }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
