//! Scenarios are played: programs, links, steps, and the end, whatever it is.
#![cfg(target_os = "linux")]

mod plays;
mod stage;
