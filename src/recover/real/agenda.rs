//! What clients will do, in the order of its time; of the same time, what was planned first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// Something a client will do about a request, unless it has ended by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Plan {
    /// The next attempt.
    Again { request: usize },
    /// This attempt has had all the time it is given.
    Late { request: usize, attempt: u32 },
    /// This attempt is slow enough for a hedge.
    Slow { request: usize, attempt: u32 },
}

/// All that is planned.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    plans: BinaryHeap<Reverse<(Duration, usize, Plan)>>,
    planned: usize,
}

impl Agenda {
    pub(super) fn put(&mut self, at: Duration, plan: Plan) {
        self.planned += 1;
        self.plans.push(Reverse((at, self.planned, plan)));
    }

    /// When something is to be done next.
    pub(super) fn next(&self) -> Option<Duration> {
        self.plans.peek().map(|Reverse((at, ..))| *at)
    }

    /// How many plans were ever made.
    pub(super) const fn planned(&self) -> usize {
        self.planned
    }

    /// The next plan whose time has come, of the `first` ones that were ever made.
    pub(super) fn due(&mut self, now: Duration, first: usize) -> Option<Plan> {
        let Reverse((at, number, plan)) = *self.plans.peek()?;
        (at <= now && number <= first).then(|| {
            self.plans.pop();
            plan
        })
    }
}
