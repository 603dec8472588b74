//! What an experiment shows beside its tables.

use super::{Metric, Param};

/// What there is to see, beside goodput and attempts over time and the number that the experiment is about.
#[derive(Clone, Copy, Debug)]
pub enum Plot {
    /// Nothing else.
    Plain,
    /// Attempts in each twentieth of a second.
    Attempts,
    /// What is left of a retry budget.
    Tokens,
    /// The states of a circuit.
    Circuit,
    /// How a number goes with another.
    Against(Sweep),
}

/// A number of the arms of a case for many values of a number of the experiment.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    /// The case.
    pub case: &'static str,
    /// The arms; all when there are none.
    pub arms: &'static [&'static str],
    /// What is set.
    pub param: Param,
    /// To what; durations in milliseconds.
    pub values: &'static [f64],
    /// What is measured: its name and how it is had.
    pub number: (&'static str, Metric),
}
