//! The account of a run: what clients saw and what servers did, put together by the numbers of the attempts.

use super::work::Ledger;
use crate::recover::Measured;
use std::collections::BTreeMap;
use std::time::Duration;

/// One message to one server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempt {
    /// The request it is for.
    pub request: usize,
    /// The connection it was sent on.
    pub line: Option<usize>,
    /// When its client stopped waiting for it, whatever the reason.
    pub ended: Option<Duration>,
    /// Whether that was because its time was up.
    pub timed_out: bool,
}

/// What the clients of a run show.
#[derive(Debug)]
pub(super) struct Shown {
    pub measured: Measured,
    pub attempts: Vec<Attempt>,
    /// How much later than intended each request was first sent.
    pub lags: Vec<Duration>,
}

/// What the whole run shows.
pub(super) fn settle(shown: Shown, ledgers: &[Ledger]) -> Measured {
    let attempts = &shown.attempts;
    let attempt = |number: &u64| usize::try_from(*number).ok().and_then(|number| attempts.get(number));
    let waited_for = |(number, at): &&(u64, Duration)| {
        attempt(number).is_some_and(|it| it.ended.is_none_or(|ended| *at < ended))
    };
    let mut measured = shown.measured;
    let mut effects = BTreeMap::<usize, u64>::new();
    for ledger in ledgers {
        measured.worked += ledger.worked;
        measured.wasted += count(ledger.begun.iter().filter(|it| !waited_for(it)));
        measured.dropped += count(ledger.dropped.iter());
        measured.dropped_though_waited_for += count(ledger.dropped.iter().filter(waited_for));
        for effect in ledger.effects.iter().filter_map(attempt) {
            *effects.entry(effect.request).or_default() += 1;
        }
    }
    measured.effects = effects.values().sum();
    measured.doubled = count(effects.values().filter(|times| **times > 1));
    measured
}

fn count<T>(of: impl Iterator<Item = T>) -> u64 {
    u64::try_from(of.count()).unwrap_or(u64::MAX)
}
