//! What a server does about more work than it can do.

use super::Parameter;
use std::time::Duration;

/// Which requests a server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Admission {
    /// Requests that may wait; without a bound the queue grows as it likes. One that finds the queue full is
    /// refused at once (load shedding).
    pub queue: Option<u32>,
    /// Whether work is dropped whose caller has already given up, told by the deadline in the request.
    pub drops_expired: bool,
    /// How much of its time such work must have left: with less than it takes, it would be done for nobody. At
    /// nothing only what has expired is dropped.
    pub needs: Duration,
    /// On a stop: how long requests that wait may still be served; without it they are lost (graceful drain).
    pub drain: Option<Duration>,
    /// How long the reply to an idempotency key is kept, so that its repetition has no second effect.
    pub keeps_keys: Option<Duration>,
}

impl Admission {
    /// Takes everything, keeps nothing.
    pub const OPEN: Self =
        Self { queue: None, drops_expired: false, needs: Duration::ZERO, drain: None, keeps_keys: None };

    /// Its parameters, those that are set. Durations are humantime's.
    pub fn parameters(&self) -> Vec<Parameter> {
        let duration = |duration| humantime::format_duration(duration).to_string();
        let mut all = Vec::new();
        all.extend(self.queue.map(|most| ("queue", most.to_string())));
        all.extend(self.drops_expired.then(|| ("drops_expired", "true".to_owned())));
        all.extend(self.drain.map(|limit| ("drain", duration(limit))));
        all.extend(self.keeps_keys.map(|kept| ("keys_kept", duration(kept))));
        all
    }

    /// Whether a request is taken when `waiting` others wait.
    pub fn takes(&self, waiting: usize) -> bool {
        self.queue.is_none_or(|most| waiting < usize::try_from(most).unwrap_or(usize::MAX))
    }

    /// Whether work is dropped when its turn comes at `now`, with this deadline on the server's own clock.
    pub fn drops(&self, now: Duration, deadline: Option<Duration>) -> bool {
        let done = now.saturating_add(self.needs);
        self.drops_expired && deadline.is_some_and(|deadline| done >= deadline)
    }
}
