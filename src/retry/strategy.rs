//! A strategy as data: everything that a client does about failures.

use super::{Backoff, Breaker, Budget, Parameter, Policy, Throttle};
use std::num::NonZeroU32;
use std::time::Duration;

/// What a client keeps to. [`super::Caller`] is a client that does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strategy {
    /// Longest time one attempt may take.
    pub timeout: Duration,
    /// Longest time a request may take with all its attempts and the waits between them.
    pub total: Option<Duration>,
    /// How often to try, and how long to wait in between.
    pub policy: Policy,
    /// How many retries there may be beside the requests.
    pub budget: Option<Budget>,
    /// Stops calling a peer that keeps failing.
    pub breaker: Option<Breaker>,
    /// Refuses itself when it is refused.
    pub throttle: Option<Throttle>,
    /// Sends a second request when the first is slow.
    pub hedge: Option<Hedge>,
    /// Whether requests carry their deadline.
    pub tells_deadline: bool,
    /// Whether all attempts of a request carry the same idempotency key.
    pub keyed: bool,
}

/// When a request that has no reply yet is sent once more, to whoever answers first (Dean and Barroso, "The Tail
/// at Scale", 2013; gRPC's `hedgingPolicy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hedge {
    /// After how long without a reply.
    pub after: Duration,
    /// How many requests there may be at most, the first one included.
    pub most: u32,
}

impl Strategy {
    /// One attempt, and nothing else.
    pub const fn once(timeout: Duration) -> Self {
        Self {
            timeout,
            total: None,
            policy: Policy::ONCE,
            budget: None,
            breaker: None,
            throttle: None,
            hedge: None,
            tells_deadline: false,
            keyed: false,
        }
    }

    /// Its parameters. Durations are humantime's.
    pub fn parameters(&self) -> Vec<Parameter> {
        let duration = |duration| humantime::format_duration(duration).to_string();
        let mut all = vec![("timeout", duration(self.timeout))];
        all.extend(self.total.map(|total| ("total", duration(total))));
        all.push(("attempts", self.policy.attempts.to_string()));
        if self.policy.attempts.get() > 1 {
            all.push(("backoff", self.policy.backoff.to_string()));
            if self.policy.backoff != Backoff::None {
                all.push(("base", duration(self.policy.base)));
                all.push(("cap", duration(self.policy.cap)));
            }
        }
        all.extend(self.budget.into_iter().flat_map(Budget::parameters));
        all.extend(self.breaker.into_iter().flat_map(Breaker::parameters));
        if let Some(Throttle { k, window }) = self.throttle {
            all.extend([("k", k.to_string()), ("window", duration(window))]);
        }
        if let Some(Hedge { after, most }) = self.hedge {
            all.extend([("hedge_after", duration(after)), ("hedge_most", most.to_string())]);
        }
        if self.tells_deadline {
            all.push(("tells_deadline", "true".to_owned()));
        }
        if self.keyed {
            all.push(("keyed", "true".to_owned()));
        }
        all
    }

    /// The same with `attempts`, and delays from `base` up to `cap`.
    #[must_use]
    pub fn retrying(self, attempts: NonZeroU32, backoff: Backoff, base: Duration, cap: Duration) -> Self {
        Self { policy: Policy { backoff, base, cap, seed: self.policy.seed, attempts }, ..self }
    }
}
