//! When requests come, as a list: the same seed gives the same list to either engine, on every platform.

use super::{Arrivals, World};
use fastrand::Rng;
use std::time::Duration;

/// When each request of this world comes, in order.
pub fn arrivals(world: &World, seed: u64) -> Vec<Duration> {
    // the first of the streams that the seed gives; what else is drawn in a run changes no arrival
    let mut rng = Rng::with_seed(Rng::with_seed(seed).u64(..));
    let mut next = |at: Duration| match world.arrivals {
        Arrivals::Poisson { per_s } => at.saturating_add(gap(&mut rng, per_s)),
        Arrivals::Even { per_s } => at.saturating_add(seconds(1.0 / per_s)),
        Arrivals::Spike { per_s, peak_per_s, from, until } => {
            spiky(&mut rng, at, per_s, peak_per_s, from..until)
        }
        Arrivals::AtOnce { .. } => Duration::MAX,
    };
    if let Arrivals::AtOnce { count } = world.arrivals {
        return vec![Duration::ZERO; usize::try_from(count).unwrap_or(usize::MAX)];
    }
    let first = next(Duration::ZERO);
    std::iter::successors(Some(first), |at| Some(next(*at))).take_while(|at| *at < world.lasts).collect()
}

/// The one after `at`. Independent arrivals have no memory: where the rate changes, the wait begins anew.
fn spiky(
    rng: &mut Rng,
    at: Duration,
    per_s: f64,
    peak_per_s: f64,
    spike: std::ops::Range<Duration>,
) -> Duration {
    let rate = if spike.contains(&at) { peak_per_s } else { per_s };
    let next = at.saturating_add(gap(rng, rate));
    match [spike.start, spike.end].into_iter().find(|change| at < *change && *change <= next) {
        Some(change) => spiky(rng, change, per_s, peak_per_s, spike),
        None => next,
    }
}

/// An exponentially distributed time with this mean rate.
fn gap(rng: &mut Rng, per_s: f64) -> Duration {
    seconds(exponential(rng) / per_s)
}

/// An exponentially distributed number with mean 1.
pub(super) fn exponential(rng: &mut Rng) -> f64 {
    -libm::log(1.0 - rng.f64())
}

/// At least a nanosecond, so that a list of arrivals ends whatever the rate is.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX).max(Duration::from_nanos(1))
}
