//! Experiments: one a file, each with a world in which a strategy helps and one in which it harms, the arms that
//! are compared there, and the claims that must hold. Their sentences are in `knowledge/recover/`. No experiment
//! knows which engine plays it.

mod circuit_breaker;
mod deadlines;
mod drain;
mod hedging;
mod herd;
mod idempotency;
mod immediate_retry;
mod load_shedding;
mod metastable;
pub mod metric;
mod param;
mod parts;
mod plot;
mod retry_budget;
mod timeouts;

pub use param::{Param, Unit, Values, Wrong};
pub use plot::{Plot, Sweep};

use super::{Arm, World};
use crate::trace::{Measure, Number, Spread};
use metric::{Metric, Run};
use std::time::Duration;

/// A question about a strategy, and how it is answered.
#[derive(Clone, Copy, Debug)]
pub struct Experiment {
    /// Its name on the command line; also that of its page.
    pub name: &'static str,
    /// The numbers that a user may change.
    pub params: &'static [Param],
    /// Its cases with these numbers.
    pub cases: fn(&Values) -> Vec<Case>,
    /// The number that it is about beside those that every table has: its name and how it is had.
    pub focus: (&'static str, Metric),
    /// What there is to see beside the tables.
    pub plot: Plot,
    /// What must hold.
    pub claims: &'static [Claim],
}

/// A world, the arms that are compared in it, and where to look.
#[derive(Clone, Debug)]
pub struct Case {
    /// `helps` or `harms`, and what else an experiment has.
    pub name: &'static str,
    /// The world.
    pub world: World,
    /// The arms.
    pub arms: Vec<Arm>,
    /// From when on goodput is counted.
    pub from: Duration,
    /// Until when.
    pub until: Duration,
    /// When the trouble is over from which one recovers, if there is one.
    pub trouble_ends: Option<Duration>,
}

/// What must hold: a number of the medians, and what bounds it.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Under which name the page has its sentence.
    pub key: &'static str,
    /// The number; nothing when an arm that it needs was not played.
    pub of: fn(&Played) -> Option<Number>,
    /// The bound.
    pub limit: Limit,
}

/// A bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// No less than this.
    AtLeast(f64),
    /// No more than this.
    AtMost(f64),
}

/// The runs of all arms.
#[derive(Clone, Debug, Default)]
pub struct Played(pub Vec<(Case, Vec<Vec<super::Measured>>)>);

impl Played {
    /// The median of a number over the runs of an arm.
    pub fn median(&self, case: &str, arm: &str, metric: Metric) -> Option<Number> {
        let (case, runs) = self.0.iter().find(|(known, _)| known.name == case)?;
        let at = case.arms.iter().position(|known| known.name == arm)?;
        let numbers: Vec<Number> = runs[at].iter().map(|measured| metric(Run { case, measured })).collect();
        let unit = numbers.first()?.unit;
        let spread = Spread::of(numbers.into_iter().map(|number| number.value).collect())?;
        Some(unit.of(spread.median))
    }

    /// How many times as much one arm has as another.
    pub fn times(&self, case: &str, arm: &str, than: &str, metric: Metric) -> Option<Number> {
        let (one, other) = (self.median(case, arm, metric)?.value, self.median(case, than, metric)?.value);
        Some(Measure::Times.of(if other == 0.0 { f64::INFINITY } else { one / other }))
    }
}

impl Limit {
    /// Whether a number keeps it.
    pub fn holds(self, number: f64) -> bool {
        match self {
            Self::AtLeast(least) => number >= least,
            Self::AtMost(most) => number <= most,
        }
    }
}

impl Experiment {
    /// Every experiment, in the order in which they are best read.
    pub const ALL: &[Self] = &[
        timeouts::EXPERIMENT,
        immediate_retry::EXPERIMENT,
        herd::EXPERIMENT,
        retry_budget::EXPERIMENT,
        circuit_breaker::EXPERIMENT,
        hedging::EXPERIMENT,
        deadlines::EXPERIMENT,
        idempotency::EXPERIMENT,
        load_shedding::EXPERIMENT,
        drain::EXPERIMENT,
        metastable::EXPERIMENT,
    ];

    /// The one of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|known| known.name == name)
    }

    /// The names of its arms, each once.
    pub fn strategies(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for arm in (self.cases)(&Values::default()).into_iter().flat_map(|case| case.arms) {
            if !names.contains(&arm.name) {
                names.push(arm.name);
            }
        }
        names
    }
}
