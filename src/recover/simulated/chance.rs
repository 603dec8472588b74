//! Where chance comes from: a stream for each kind, so that a retry more changes no arrival.

use crate::recover::{Arrivals, Service};
use fastrand::Rng;
use std::time::Duration;

/// The streams of one run.
#[derive(Debug)]
pub(super) struct Chance {
    arrivals: Rng,
    service: Rng,
    resets: Rng,
    replies: Rng,
    fails: Rng,
}

impl Chance {
    /// The streams of a seed.
    pub(super) fn of(seed: u64) -> Self {
        let mut seeds = Rng::with_seed(seed);
        let mut stream = || Rng::with_seed(seeds.u64(..));
        Self { arrivals: stream(), service: stream(), resets: stream(), replies: stream(), fails: stream() }
    }

    /// When the next request comes after one at `last`, or after the start; `came` have come.
    pub(super) fn next_arrival(&mut self, arrivals: Arrivals, last: Duration, came: u32) -> Option<Duration> {
        match arrivals {
            Arrivals::Poisson { per_s } => Some(last.saturating_add(self.gap(per_s))),
            Arrivals::Even { per_s } => {
                Some(last.saturating_add(Duration::try_from_secs_f64(1.0 / per_s).unwrap_or(Duration::MAX)))
            }
            Arrivals::Spike { per_s, peak_per_s, from, until } => {
                let rate = |at: Duration| if at >= from && at < until { peak_per_s } else { per_s };
                let mut at = last;
                loop {
                    let next = at.saturating_add(self.gap(rate(at)));
                    // where the rate changes the wait begins anew: it has no memory
                    match [from, until].into_iter().find(|edge| at < *edge && next >= *edge) {
                        Some(edge) => at = edge,
                        None => return Some(next),
                    }
                }
            }
            Arrivals::AtOnce { count } => (came < count).then_some(Duration::ZERO),
        }
    }

    /// How long a piece of work takes.
    pub(super) fn work(&mut self, service: &Service) -> Duration {
        if service.stragglers > 0.0 && self.service.f64() < service.stragglers {
            return service.straggler;
        }
        if service.exponential {
            service.usual.mul_f64(exponential(&mut self.service))
        } else {
            service.usual
        }
    }

    /// Whether a connection is reset on its way.
    pub(super) fn resets(&mut self, share: f64) -> bool {
        self.resets.f64() < share
    }

    /// Whether a reply is lost.
    pub(super) fn loses_reply(&mut self, share: f64) -> bool {
        self.replies.f64() < share
    }

    /// Whether a server that fails so often fails now.
    pub(super) fn fails(&mut self, share: f64) -> bool {
        self.fails.f64() < share
    }

    fn gap(&mut self, per_s: f64) -> Duration {
        Duration::try_from_secs_f64(exponential(&mut self.arrivals) / per_s).unwrap_or(Duration::MAX)
    }
}

/// Exponentially distributed with mean 1. The logarithm is the same on every platform.
fn exponential(rng: &mut Rng) -> f64 {
    -libm::log(1.0 - rng.f64())
}
