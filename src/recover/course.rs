//! A run over time.

use super::Measured;
use super::experiment::{Case, Plot};
use crate::trace::{Course, Detail};
use std::time::Duration;

/// Slots that the course of a run is told in, at most.
const SLOTS: u32 = 60;
/// Slots that show a wave of attempts.
const FINE: Duration = Duration::from_millis(50);

/// Goodput and attempts in slots of whole or half seconds, and what else the experiment is about.
pub(super) fn course(plot: Plot, case: &Case, measured: &Measured) -> Course {
    let half = Duration::from_millis(500);
    let halves = case.world.lasts.as_secs_f64() / f64::from(SLOTS) / half.as_secs_f64();
    let slot = half.mul_f64(halves.ceil().max(1.0));
    let slots = || slots(slot, case.world.lasts);
    Course {
        slot_s: slot.as_secs_f64(),
        goodput_per_s: slots().map(|from| measured.goodput(from, from + slot)).collect(),
        attempts_per_s: slots().map(|from| measured.attempts_per_s(from, from + slot)).collect(),
        detail: detail(plot, case, measured),
    }
}

fn slots(slot: Duration, lasts: Duration) -> impl Iterator<Item = Duration> {
    (0..).map(move |number| slot * number).take_while(move |from| *from < lasts)
}

fn detail(plot: Plot, case: &Case, measured: &Measured) -> Option<Detail> {
    match plot {
        Plot::Attempts => {
            let count = |from| measured.attempts_per_s(from, from + FINE) * FINE.as_secs_f64();
            let counts = slots(FINE, case.world.lasts).map(|from| count(from).round()).collect();
            Some(Detail::Attempts { slot_s: FINE.as_secs_f64(), counts })
        }
        Plot::Tokens if !measured.tokens.is_empty() => {
            let tokens = measured.tokens.iter().map(|(at, left)| (at.as_secs_f64(), *left));
            Some(Detail::Tokens(tokens.collect()))
        }
        Plot::Circuit if !measured.circuit.is_empty() => {
            let states = measured.circuit.iter().map(|(at, state)| (at.as_secs_f64(), state.name()));
            Some(Detail::Circuit(states.collect()))
        }
        _ => None,
    }
}
