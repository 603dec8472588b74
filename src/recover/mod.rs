//! Recovery, measured: what a strategy does for a service in trouble, and what it does to it.
//!
//! An experiment is one file: a [`World`] in trouble, the [`Arm`]s that are compared in it, and the claims that
//! are checked against what was measured. Two engines play it over the same strategies (`crate::retry`):
//! `simulated` in virtual time, `real` over sockets. Neither knows which experiment it plays.
//!
//! A lesson meets one of the three errors of the course and tries what might be done about it.

mod arrivals;
mod course;
mod describe;
pub mod experiment;
pub mod lesson;
mod measured;
pub mod real;
mod results;
pub mod simulated;
mod sweep;
mod world;

pub use arrivals::arrivals;
pub use experiment::Experiment;
pub use measured::Measured;
pub use results::{Plan, play};
pub use world::{Arm, Arrivals, Backend, Network, Service, Trouble, What, World};
