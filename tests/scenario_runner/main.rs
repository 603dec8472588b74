//! Scenarios are played: programs, links, steps, and the end, whatever it is.
#![cfg(target_os = "linux")]

mod bad;
mod ends;
mod plays;
mod stage;
