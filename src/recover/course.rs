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
    let per_s =
        |times| counts(times, slot, case.world.lasts).map(|count| count / slot.as_secs_f64()).collect();
    Course {
        slot_s: slot.as_secs_f64(),
        goodput_per_s: per_s(&measured.successes),
        attempts_per_s: per_s(&measured.attempts),
        detail: detail(plot, case, measured),
    }
}

/// How many of these times lie in each slot.
fn counts(times: &[Duration], slot: Duration, lasts: Duration) -> impl Iterator<Item = f64> {
    let number = |time: Duration| usize::try_from(time.as_nanos() / slot.as_nanos()).unwrap_or(usize::MAX);
    let mut counts = vec![0_u32; number(lasts.saturating_sub(Duration::from_nanos(1))) + 1];
    for time in times {
        if let Some(count) = counts.get_mut(number(*time)) {
            *count += 1;
        }
    }
    counts.into_iter().map(f64::from)
}

fn detail(plot: Plot, case: &Case, measured: &Measured) -> Option<Detail> {
    match plot {
        Plot::Attempts => {
            let counts = counts(&measured.attempts, FINE, case.world.lasts).collect();
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
