//! What an experiment about recovery found: per arm what was measured over its runs, and which claims hold.

use serde::Serialize;
use serde_json::{Map, Value};

/// One experiment, played.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// Its id.
    pub experiment: &'static str,
    /// What played it.
    pub engine: &'static str,
    /// The seed of the first run; each other run has the next one.
    pub seed: u64,
    /// How many runs each arm had.
    pub runs: u32,
    /// The arms of all cases, in order.
    pub arms: Vec<RecoveryArm>,
    /// The claims.
    pub claims: Vec<RecoveryClaim>,
}

/// One way to behave, in one case.
#[derive(Clone, Debug, PartialEq)]
pub struct RecoveryArm {
    /// In which case.
    pub case: &'static str,
    /// Its name.
    pub strategy: String,
    /// What clients and servers kept to.
    pub params: Map<String, Value>,
    /// The share of requests that succeeded.
    pub success_rate: Spread,
    /// Successes a second, in the stretch of time that the case is about.
    pub goodput_per_s: Spread,
    /// Attempts a request.
    pub amplification: Spread,
    /// Latency of half of the successes, in milliseconds; infinite when there is none.
    pub p50_ms: Spread,
    /// Latency of all but a hundredth of them.
    pub p99_ms: Spread,
    /// When goodput was back after the trouble; infinite when it never was. Nothing where no trouble ends.
    pub recovered_after_s: Option<Spread>,
    /// Events that a simulation worked through, in all runs.
    pub events: u64,
}

/// A claim and whether it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct RecoveryClaim {
    /// Under which name the experiment's page has its sentence.
    pub key: &'static str,
    /// Whether it holds.
    pub passed: bool,
    /// What was measured.
    pub measured: f64,
    /// What that has to reach or keep below.
    pub limit: f64,
    /// Whether the limit is the least and not the most.
    pub at_least: bool,
}

/// A measure over several runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The one in the middle.
    pub median: f64,
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
}

impl Spread {
    /// Of these; nothing when there are none.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_unstable_by(f64::total_cmp);
        let median = *values.get(values.len().checked_sub(1)? / 2)?;
        Some(Self { median, least: *values.first()?, most: *values.last()? })
    }
}

impl Recovery {
    /// Whether all claims hold.
    pub fn holds(&self) -> bool {
        self.claims.iter().all(|claim| claim.passed)
    }
}
