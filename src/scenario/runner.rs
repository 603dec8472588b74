//! Stub until the runner is here.

use super::{Played, Scenario};
use crate::lang::Words;
use crate::trace::Event;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How scenarios are played.
pub struct Settings<'a> {
    /// Becomes true when everything has to end.
    pub stop: Arc<AtomicBool>,
    /// Is told of each event.
    pub watch: &'a (dyn Fn(&Event) + Sync),
}

/// Why a scenario was not played to its end.
#[derive(Debug)]
pub enum Trouble {
    /// It cannot run here.
    Unsupported(Words),
    /// The set-up broke.
    Broke(Words),
}

/// Plays a scenario.
pub fn play(_scenario: &Scenario, _settings: &Settings<'_>) -> Result<Played, Trouble> {
    Err(Trouble::Unsupported(Words::same("a runner")))
}
