//! Where chance comes from: a stream for each kind, so that a retry more changes no arrival.

use crate::recover::Service;
use crate::recover::arrivals::exponential;
use fastrand::Rng;
use std::time::Duration;

/// The streams of one run.
#[derive(Debug)]
pub(super) struct Chance {
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
        // the first one is that of the arrivals, which are a list for every engine
        stream();
        Self { service: stream(), resets: stream(), replies: stream(), fails: stream() }
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
}
