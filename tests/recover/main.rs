//! Recovery, measured: the experiments and what they claim.

mod real;
mod simulated;
