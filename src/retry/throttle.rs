//! Adaptive throttling: a client that is refused often enough refuses itself (Google, "Site Reliability
//! Engineering", chapter 21, "Client-Side Throttling").

use super::window::Window;
use fastrand::Rng;
use std::time::Duration;

/// p = max(0, (requests − k · accepts) / (requests + 1)) is the chance that a request is refused at the client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Throttle {
    /// How many requests a client sends for each that is accepted; 2 in the book.
    pub k: f64,
    /// Over how long both are counted; two minutes in the book.
    pub window: Duration,
}

impl Throttle {
    /// The chance that a request is refused at the client.
    pub const FORMULA: &str = "p = max(0, (requests − k × accepts) / (requests + 1)) of the last window";
}

/// What a [`Throttle`] has counted.
#[derive(Clone, Debug)]
pub struct Throttling {
    throttle: Throttle,
    /// Requests and accepts.
    counts: Window<2>,
}

impl Throttling {
    /// Nothing counted yet.
    pub fn of(throttle: Throttle) -> Self {
        Self { throttle, counts: Window::of(throttle.window) }
    }

    /// The chance that a request is refused now, from 0 to 1.
    pub fn refuses(&mut self, now: Duration) -> f64 {
        let [requests, accepts] = self.counts.sums(now);
        ((requests - self.throttle.k * accepts) / (requests + 1.0)).max(0.0)
    }

    /// Whether a request may be sent; it is counted either way.
    pub(super) fn lets_pass(&mut self, now: Duration, rng: &mut Rng) -> bool {
        let passes = rng.f64() >= self.refuses(now);
        self.counts.add(now, [1.0, 0.0]);
        passes
    }

    /// A request was accepted.
    pub(super) fn accepted(&mut self, now: Duration) {
        self.counts.add(now, [0.0, 1.0]);
    }
}
