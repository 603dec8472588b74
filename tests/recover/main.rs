//! Recovery, measured: the experiments and what they claim.

mod simulated;
