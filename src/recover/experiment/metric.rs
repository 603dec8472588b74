//! What claims and tables ask of a run.

use super::Case;
use crate::recover::Measured;
use crate::trace::{Measure, Number};

/// A run in its case.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The case.
    pub case: &'a Case,
    /// What was measured.
    pub measured: &'a Measured,
}

/// A number of a run.
pub type Metric = fn(Run<'_>) -> Number;

/// The share of requests that succeeded.
pub fn success(run: Run<'_>) -> Number {
    Measure::Share.of(run.measured.success_rate())
}

/// Successes a second while it matters.
pub fn goodput(run: Run<'_>) -> Number {
    Measure::PerSecond.of(run.measured.goodput(run.case.from, run.case.until))
}

/// Attempts a second while it matters.
pub fn attempts_per_s(run: Run<'_>) -> Number {
    Measure::PerSecond.of(run.measured.attempts_per_s(run.case.from, run.case.until))
}

/// Attempts a request.
pub fn amplification(run: Run<'_>) -> Number {
    Measure::Plain.of(run.measured.amplification())
}

/// Milliseconds that half of the successes took at most; infinite when there is none.
pub fn p50_ms(run: Run<'_>) -> Number {
    Measure::Millis.of(run.measured.latency(0.50).map_or(f64::INFINITY, |took| took.as_secs_f64() * 1000.0))
}

/// Milliseconds that all but a hundredth of the successes took at most.
pub fn p99_ms(run: Run<'_>) -> Number {
    Measure::Millis.of(run.measured.latency(0.99).map_or(f64::INFINITY, |took| took.as_secs_f64() * 1000.0))
}

/// Seconds until nine tenths of what came succeeded again; infinite when that never was.
pub fn recovered_s(run: Run<'_>) -> Number {
    let end = run.case.trouble_ends.unwrap_or_default();
    let back = run.measured.recovered_after(end, 0.9, run.case.world.lasts);
    Measure::Seconds.of(back.map_or(f64::INFINITY, |after| after.as_secs_f64()))
}

/// The share of attempts that timed out although they were answered later.
pub fn false_timeouts(run: Run<'_>) -> Number {
    Measure::Share.of(share(run.measured.false_timeouts, count(run.measured.attempts.len())))
}

/// The share of work whose caller had given up before it began.
pub fn wasted(run: Run<'_>) -> Number {
    Measure::Share.of(share(run.measured.wasted, run.measured.worked))
}

/// The share of requests that had more than one effect.
pub fn doubled(run: Run<'_>) -> Number {
    Measure::Share.of(share(run.measured.doubled, count(run.measured.requests.len())))
}

/// The share of requests that the client refused although their server was well.
pub fn refused_though_well(run: Run<'_>) -> Number {
    Measure::Share.of(share(run.measured.refused_though_well, count(run.measured.requests.len())))
}

/// Requests that did not succeed.
pub fn failures(run: Run<'_>) -> Number {
    Measure::Plain.of(real(count(run.measured.requests.iter().filter(|(_, took)| took.is_none()).count())))
}

/// The most attempts within a twentieth of a second while it matters.
pub fn peak(run: Run<'_>) -> Number {
    let mut slots = std::collections::BTreeMap::<u128, u64>::new();
    let matters = |at: &&std::time::Duration| (run.case.from..run.case.until).contains(*at);
    for at in run.measured.attempts.iter().filter(matters) {
        *slots.entry(at.as_millis() / 50).or_default() += 1;
    }
    Measure::Plain.of(real(slots.into_values().max().unwrap_or_default()))
}

/// The share of requests of which a retry was not allowed.
pub fn over_budget(run: Run<'_>) -> Number {
    Measure::Share.of(share(run.measured.over_budget, count(run.measured.requests.len())))
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { real(part) / real(whole) }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn real(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
