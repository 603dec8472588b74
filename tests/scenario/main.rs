//! Scripted scenarios.

mod language;
mod mistakes;
