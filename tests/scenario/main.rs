//! Scripted scenarios.

mod commands;
mod language;
mod mistakes;
