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
    /// The numbers of the experiment that were changed.
    pub set: Vec<RecoveryChange>,
    /// The number that the experiment is about beside those that every arm has.
    pub focus: &'static str,
    /// The cases, in order.
    pub cases: Vec<RecoveryCase>,
    /// The claims that could be checked.
    pub claims: Vec<RecoveryClaim>,
    /// Claims about arms that were not played.
    pub unchecked: Vec<&'static str>,
    /// How a number of the arms goes with a number of the experiment, where that was looked at.
    pub sweep: Option<RecoverySweep>,
}

/// A number of an experiment that was changed, as it is written, and what it is otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecoveryChange {
    /// Its name.
    pub key: &'static str,
    /// What it was set to.
    pub value: String,
    /// What it is unless set.
    pub default: String,
}

/// How a number of the arms goes with a number of the experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct RecoverySweep {
    /// The case that was played.
    pub case: &'static str,
    /// The number that was set each time.
    pub key: &'static str,
    /// What it was set to, and how that is written.
    pub values: Vec<(f64, String)>,
    /// The number that was measured, by its name.
    pub number: &'static str,
    /// Its unit.
    pub unit: Measure,
    /// For each arm its medians.
    pub arms: Vec<(String, Vec<f64>)>,
}

/// A world, and the ways to behave that were compared in it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecoveryCase {
    /// `helps`, `harms`, and what else an experiment has.
    pub name: &'static str,
    /// How long requests came, in seconds.
    pub lasts_s: f64,
    /// When something was wrong: from and until.
    pub troubles_s: Vec<(f64, f64)>,
    /// The arms, in order.
    pub arms: Vec<RecoveryArm>,
}

/// One way to behave.
#[derive(Clone, Debug, PartialEq)]
pub struct RecoveryArm {
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
    /// The number that the experiment is about, and its unit.
    pub focus: (Measure, Spread),
    /// The first run over time.
    pub course: Course,
    /// Events that a simulation worked through, in all runs.
    pub events: u64,
}

/// A run over time, in slots of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The length of a slot in seconds.
    pub slot_s: f64,
    /// Successes a second.
    pub goodput_per_s: Vec<f64>,
    /// Attempts a second.
    pub attempts_per_s: Vec<f64>,
    /// What else there is to see, where the experiment is about it.
    pub detail: Option<Detail>,
}

/// What else there is to see of a run over time.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Attempts within each slot of this many seconds.
    Attempts {
        /// The length of a slot.
        slot_s: f64,
        /// How many.
        counts: Vec<f64>,
    },
    /// What was left of a retry budget, each from when on, in seconds.
    Tokens(Vec<(f64, f64)>),
    /// The states of a circuit, each from when on.
    Circuit(Vec<(f64, &'static str)>),
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
    /// What both are measured in.
    pub unit: Measure,
}

/// What a number is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// A share of a whole, from 0 to 1.
    Share,
    /// So many a second.
    PerSecond,
    /// Milliseconds.
    Millis,
    /// Seconds.
    Seconds,
    /// So many times as much.
    Times,
    /// A number of things.
    Plain,
}

/// A number and its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: Measure,
}

impl Measure {
    /// So much of it.
    pub const fn of(self, value: f64) -> Number {
        Number { value, unit: self }
    }
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

    /// How many hold.
    pub fn held(&self) -> usize {
        self.claims.iter().filter(|claim| claim.passed).count()
    }
}
