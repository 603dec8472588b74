//! What the experiments are put together from.

use super::Case;
use crate::recover::{Arm, Arrivals, Backend, Network, Service, Trouble, What, World};
use crate::retry::{Admission, Backoff, Strategy};
use std::num::NonZeroU32;
use std::time::Duration;

pub(super) const fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A calm world: requests as a Poisson process for so many seconds, one client, servers that are all alike.
pub(super) fn world(per_s: f64, lasts: Duration, servers: u32, backend: Backend) -> World {
    World {
        arrivals: Arrivals::Poisson { per_s },
        lasts,
        clients: 1,
        backends: (0..servers).map(|_| backend).collect(),
        sharded: false,
        network: Network { delay: millis(1), resets: 0.0, lost_replies: 0.0 },
        troubles: Vec::new(),
        skew_s: 0.0,
    }
}

/// A server whose every request takes the same time.
pub(super) fn server(workers: u32, takes: Duration) -> Backend {
    let service = Service { usual: takes, exponential: false, stragglers: 0.0, straggler: Duration::ZERO };
    Backend { service, workers }
}

/// A server whose requests take exponentially distributed times.
pub(super) fn varying(workers: u32, mean: Duration) -> Backend {
    let steady = server(workers, mean);
    Backend { service: Service { exponential: true, ..steady.service }, ..steady }
}

/// A trouble of one server, or of all.
pub(super) fn trouble(backend: Option<usize>, from: Duration, until: Duration, what: What) -> Trouble {
    Trouble { backend, from, until, what }
}

/// An arm against servers that take everything.
pub(super) fn arm(name: &str, strategy: Strategy) -> Arm {
    Arm { name: name.to_owned(), strategy, admission: Admission::OPEN, new_key_each_attempt: false }
}

/// The same with other servers.
pub(super) fn with(arm: Arm, admission: Admission) -> Arm {
    Arm { admission, ..arm }
}

/// So many attempts with no wait in between.
pub(super) fn immediate(timeout: Duration, attempts: u32) -> Strategy {
    retrying(timeout, attempts, Backoff::None, Duration::ZERO, Duration::ZERO)
}

/// So many attempts with such waits in between.
pub(super) fn retrying(
    timeout: Duration,
    attempts: u32,
    backoff: Backoff,
    base: Duration,
    cap: Duration,
) -> Strategy {
    let attempts = NonZeroU32::new(attempts).unwrap_or(NonZeroU32::MIN);
    Strategy::once(timeout).retrying(attempts, backoff, base, cap)
}

/// A case that is looked at from beginning to end.
pub(super) fn case(name: &'static str, world: World, arms: Vec<Arm>) -> Case {
    let until = world.lasts;
    Case { name, world, arms, from: Duration::ZERO, until, trouble_ends: None }
}
