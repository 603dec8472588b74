//! What a run of an arm showed, told by either engine in the same words.

use crate::retry::{Caller, State};
use std::mem::discriminant;
use std::time::Duration;

/// What one run of one arm showed. Latency counts from when a request arrived, not from when it was sent
/// (corrected for coordinated omission), and only for those that succeeded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// Requests that arrived, each with its time from the start and, when it succeeded, how long that took.
    pub requests: Vec<(Duration, Option<Duration>)>,
    /// When each attempt was sent, hedges too.
    pub attempts: Vec<Duration>,
    /// When each success came.
    pub successes: Vec<Duration>,
    /// Attempts that timed out.
    pub timed_out: u64,
    /// Attempts that timed out although the server answered them later.
    pub false_timeouts: u64,
    /// Attempts that were refused, reset or rejected.
    pub failed: u64,
    /// Requests that the client itself refused: circuit open or throttled.
    pub refused_by_client: u64,
    /// Of these, requests to a backend that was well at that time.
    pub refused_though_well: u64,
    /// Retries that a budget did not allow.
    pub over_budget: u64,
    /// Work that servers did, in attempts.
    pub worked: u64,
    /// Of that, work whose caller had given up before it was begun.
    pub wasted: u64,
    /// Work that servers dropped because its deadline had passed.
    pub dropped: u64,
    /// Of that, work whose caller was still waiting.
    pub dropped_though_waited_for: u64,
    /// Effects of requests, counted once per attempt that was worked on and not recognised as a repetition.
    pub effects: u64,
    /// Requests that had more than one effect.
    pub doubled: u64,
    /// What was left of the first client's retry budget, each time that an attempt of its began or ended.
    pub tokens: Vec<(Duration, f64)>,
    /// The states of the first client's circuit, each from when on.
    pub circuit: Vec<(Duration, State)>,
    /// Events that the engine worked through.
    pub events: u64,
}

impl Measured {
    /// Notes what is left of a client's budget, and the state of its circuit where that is another one than before.
    pub(super) fn watch(&mut self, caller: &mut Caller, now: Duration) {
        self.tokens.extend(caller.tokens().map(|tokens| (now, tokens.left(now))));
        let Some(state) = caller.circuit().map(|circuit| circuit.state(now)) else { return };
        if self.circuit.last().is_none_or(|(_, last)| discriminant(last) != discriminant(&state)) {
            self.circuit.push((now, state));
        }
    }

    /// The share of requests that succeeded, from 0 to 1.
    pub fn success_rate(&self) -> f64 {
        let succeeded = self.requests.iter().filter(|(_, took)| took.is_some()).count();
        ratio(succeeded, self.requests.len())
    }

    /// Attempts a request.
    pub fn amplification(&self) -> f64 {
        ratio(self.attempts.len(), self.requests.len())
    }

    /// Successes a second from `from` until `until`.
    pub fn goodput(&self, from: Duration, until: Duration) -> f64 {
        let within = self.successes.iter().filter(|at| (from..until).contains(*at)).count();
        let seconds = until.saturating_sub(from).as_secs_f64();
        if seconds > 0.0 { count(within) / seconds } else { 0.0 }
    }

    /// Attempts a second from `from` until `until`.
    pub fn attempts_per_s(&self, from: Duration, until: Duration) -> f64 {
        let within = self.attempts.iter().filter(|at| (from..until).contains(*at)).count();
        let seconds = until.saturating_sub(from).as_secs_f64();
        if seconds > 0.0 { count(within) / seconds } else { 0.0 }
    }

    /// The latency that `share` of the successes stayed below (0.5: the median).
    pub fn latency(&self, share: f64) -> Option<Duration> {
        let mut took: Vec<Duration> = self.requests.iter().filter_map(|(_, took)| *took).collect();
        took.sort_unstable();
        let rank = (share * count(took.len())).ceil().max(1.0);
        took.iter().zip(1_u32..).find(|(_, at)| f64::from(*at) >= rank).map(|(took, _)| *took)
    }

    /// How long after `end` of a trouble the goodput was first back over `share` of the arrivals, over a whole
    /// second; nothing when it never was. It is looked for every quarter of a second.
    pub fn recovered_after(&self, end: Duration, share: f64, until: Duration) -> Option<Duration> {
        const STEP: Duration = Duration::from_millis(250);
        let slot = |at: &Duration| (at.checked_sub(end)?.as_nanos() / STEP.as_nanos()).try_into().ok();
        let slots = slot(&until)?;
        let counted = |times: &mut dyn Iterator<Item = &Duration>| {
            let mut counts = vec![0_u32; slots];
            for at in times.filter_map(slot).filter(|at| *at < slots) {
                counts[at] += 1;
            }
            counts
        };
        let came = counted(&mut self.requests.iter().map(|(at, _)| at));
        let succeeded = counted(&mut self.successes.iter());
        let second = |counts: &[u32]| counts.iter().map(|count| f64::from(*count)).sum::<f64>();
        let mut seconds = came.windows(4).zip(succeeded.windows(4));
        let back = seconds
            .position(|(came, succeeded)| second(came) > 0.0 && second(succeeded) >= share * second(came))?;
        Some(STEP * u32::try_from(back).ok()?)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { count(part) / count(whole) }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
