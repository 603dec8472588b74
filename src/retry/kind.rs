//! The strategies by name, each with its formula and the parameters that it has when nothing else is said.

use super::{Admission, Backoff, Breaker, Budget, Hedge, Preset, Strategy, Throttle};
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// A strategy that can be listed, shown and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Every wait has an end.
    Timeout,
    /// Attempts with these delays between them.
    Retry(Backoff),
    /// Retries are a share of the requests.
    Budget,
    /// Calls to a peer that keeps failing are refused.
    Breaker,
    /// A client that is refused refuses itself.
    Throttling,
    /// A slow request is sent once more.
    Hedging,
    /// Requests carry their deadline.
    Deadline,
    /// All attempts of a request carry one key.
    Key,
    /// The server bounds its queue.
    Shedding,
    /// The server finishes what it took.
    Drain,
    /// Published defaults of a system.
    Preset(Preset),
}

/// A parameter, as `(name, value)`.
pub type Parameter = (&'static str, String);

impl Kind {
    /// Every strategy, in the order in which they are taught.
    pub const ALL: &[Self] = &[
        Self::Timeout,
        Self::Retry(Backoff::None),
        Self::Retry(Backoff::Exponential),
        Self::Retry(Backoff::FullJitter),
        Self::Retry(Backoff::EqualJitter),
        Self::Retry(Backoff::Decorrelated),
        Self::Budget,
        Self::Breaker,
        Self::Throttling,
        Self::Hedging,
        Self::Deadline,
        Self::Key,
        Self::Shedding,
        Self::Drain,
        Self::Preset(Preset::Aws),
        Self::Preset(Preset::Grpc),
        Self::Preset(Preset::Envoy),
        Self::Preset(Preset::Finagle),
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Retry(Backoff::None) => "immediate",
            Self::Retry(backoff) => backoff.name(),
            Self::Budget => "retry-budget",
            Self::Breaker => "circuit-breaker",
            Self::Throttling => "adaptive-throttling",
            Self::Hedging => "hedging",
            Self::Deadline => "deadline",
            Self::Key => "idempotency-key",
            Self::Shedding => "load-shedding",
            Self::Drain => "graceful-drain",
            Self::Preset(preset) => preset.name(),
        }
    }

    /// What a client does that keeps to it, with an attempt of at most a second.
    pub fn strategy(self) -> Strategy {
        let (seconds, millis) = (Duration::from_secs, Duration::from_millis);
        let once = Strategy::once(seconds(1));
        let attempts = NonZeroU32::MIN.saturating_add(3);
        let retrying = once.retrying(attempts, Backoff::FullJitter, millis(100), seconds(10));
        match self {
            Self::Timeout => Strategy { total: Some(seconds(5)), ..once },
            Self::Retry(Backoff::None) => {
                once.retrying(attempts, Backoff::None, Duration::ZERO, Duration::ZERO)
            }
            Self::Retry(backoff) => {
                once.retrying(NonZeroU32::MIN.saturating_add(7), backoff, millis(100), seconds(10))
            }
            Self::Budget => {
                let budget = Budget::Finagle { ttl: seconds(10), min_per_s: 0.0, ratio: 0.1 };
                Strategy { budget: Some(budget), ..retrying }
            }
            Self::Breaker => {
                let breaker = Breaker::Consecutive { failures: 5, open_for: seconds(5), probes: 1 };
                Strategy { breaker: Some(breaker), ..retrying }
            }
            Self::Throttling => {
                Strategy { throttle: Some(Throttle { k: 2.0, window: seconds(120) }), ..retrying }
            }
            Self::Hedging => Strategy { hedge: Some(Hedge { after: millis(50), most: 2 }), ..once },
            Self::Deadline => Strategy { tells_deadline: true, total: Some(seconds(2)), ..retrying },
            Self::Key => Strategy { keyed: true, ..retrying },
            Self::Shedding | Self::Drain => retrying,
            Self::Preset(preset) => preset.strategy(seconds(1)),
        }
    }

    /// What a server does beside it.
    pub fn admission(self) -> Admission {
        let seconds = Duration::from_secs;
        match self {
            Self::Deadline => Admission { drops_expired: true, ..Admission::OPEN },
            Self::Key => Admission { keeps_keys: Some(seconds(60)), ..Admission::OPEN },
            Self::Shedding => Admission { queue: Some(20), ..Admission::OPEN },
            Self::Drain => Admission { drain: Some(seconds(5)), ..Admission::OPEN },
            _ => Admission::OPEN,
        }
    }

    /// What decides, as a formula in the names of the parameters.
    pub fn formula(self) -> String {
        match self {
            Self::Timeout => "an attempt ends after min(timeout, total − time since the start)".to_owned(),
            Self::Retry(backoff) => format!("delay before attempt n + 2, from n = 0: {}", backoff.formula()),
            Self::Breaker => self.strategy().breaker.map(Breaker::formula).unwrap_or_default().to_owned(),
            Self::Throttling => Throttle::FORMULA.to_owned(),
            Self::Hedging => {
                "after hedge_after without a reply: one more, up to hedge_most in all".to_owned()
            }
            Self::Deadline => "work is dropped when its turn comes at or after its deadline".to_owned(),
            Self::Key => "a key seen in the last keys_kept gets the reply it got before".to_owned(),
            Self::Shedding => "taken when waiting < queue, else refused".to_owned(),
            Self::Drain => {
                "after a stop: nothing is taken, what waits is served for at most drain".to_owned()
            }
            Self::Budget | Self::Preset(_) => {
                let Strategy { policy, budget, breaker, .. } = self.strategy();
                let mut parts = vec![format!("delay: {}", policy.backoff.formula())];
                parts.extend(budget.map(|budget| budget.formula().to_owned()));
                parts.extend(breaker.map(|breaker| breaker.formula().to_owned()));
                parts.join("; ")
            }
        }
    }

    /// Its parameters. Durations are humantime's.
    pub fn parameters(self) -> Vec<Parameter> {
        let mut all = self.strategy().parameters();
        all.extend(self.admission().parameters());
        all
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
