//! Recovery: lessons, the experiments and what they claim.

#[cfg(target_os = "linux")]
mod lesson;
mod real;
mod run;
mod simulated;
#[cfg(target_os = "linux")]
mod terminal;
