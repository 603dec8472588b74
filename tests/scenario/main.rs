//! Scripted scenarios.

mod commands;
#[cfg(target_os = "linux")]
mod grading;
mod language;
mod mistakes;
#[cfg(target_os = "linux")]
mod running;
#[cfg(target_os = "linux")]
mod stage;
