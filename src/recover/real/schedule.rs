//! How fast time goes for an experiment, so that somebody waits for it: all runs together take less than half a minute.

use crate::recover::experiment::Case;
use std::time::Duration;

/// Runs that may be under way at once. Their servers and clients wait most of the time; where a machine is too slow
/// for so many, their requests are late, and the run says so.
pub const AT_ONCE: u32 = 8;

/// How long an experiment may take.
const LONGEST: Duration = Duration::from_secs(24);
/// Time goes at most twice as fast as in the world, so that nothing shorter than it has to be is measured; and ten
/// times as fast at least, for else a service time is what a wake-up takes.
const SCALES: std::ops::RangeInclusive<f64> = 0.1..=0.5;

/// The scale for these cases, each arm played `runs` times.
pub fn scale(cases: &[Case], runs: u32) -> f64 {
    let all = cases.iter().flat_map(|case| {
        let arms = case.arms.iter();
        arms.map(|arm| case.world.lasts.saturating_add(arm.strategy.total.unwrap_or(arm.strategy.timeout)))
    });
    let each = all.flat_map(|lasts| std::iter::repeat_n(lasts, usize::try_from(runs).unwrap_or(1)));
    let mut workers = vec![Duration::ZERO; usize::try_from(AT_ONCE).unwrap_or(1)];
    for lasts in each {
        // the one that is free first takes the next
        if let Some(next) = workers.iter_mut().min() {
            *next = next.saturating_add(lasts);
        }
    }
    let whole = workers.into_iter().max().unwrap_or_default();
    (LONGEST.as_secs_f64() / whole.as_secs_f64().max(1.0)).clamp(*SCALES.start(), *SCALES.end())
}
