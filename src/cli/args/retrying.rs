//! How a client tries again, for every command that is one.

use super::values::{one_of, seed};
use crate::retry::{Backoff, Budget, Policy, Preset};
use clap::Args;
use std::num::NonZeroU32;
use std::time::Duration;

/// The delay from which the delays between attempts grow.
const BASE: Duration = Duration::from_millis(100);
/// The longest delay between attempts.
const CAP: Duration = Duration::from_secs(10);

/// How a client tries again.
#[derive(Debug, Args)]
pub(in crate::cli) struct Retrying {
    /// How often to try
    #[arg(long, value_name = "N", default_value = "3", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub attempts: u32,
    /// How the delay between attempts grows
    #[arg(long, value_name = "POLICY", default_value = "full-jitter", value_parser = one_of(Backoff::ALL, Backoff::name))]
    pub backoff: Backoff,
    /// Attempts, delays and retry budget as the field publishes them, instead of the two above
    #[arg(long, value_name = "NAME", conflicts_with_all = ["attempts", "backoff"],
          value_parser = one_of(Preset::ALL, Preset::name))]
    pub preset: Option<Preset>,
    /// Seed of the delays
    #[arg(long, value_name = "N", default_value = "1", value_parser = seed)]
    pub seed: u64,
}

impl Retrying {
    /// How often, and how long to wait in between.
    pub(in crate::cli) fn policy(&self) -> Policy {
        if let Some(preset) = self.preset {
            return Policy { seed: self.seed, ..preset.strategy(Duration::MAX).policy };
        }
        let attempts = NonZeroU32::new(self.attempts).unwrap_or(NonZeroU32::MIN);
        Policy { backoff: self.backoff, base: BASE, cap: CAP, seed: self.seed, attempts }
    }

    /// How many retries there may be beside the requests.
    pub(in crate::cli) fn budget(&self) -> Option<Budget> {
        self.preset.and_then(|preset| preset.strategy(Duration::MAX).budget)
    }
}
