//! Retry budgets: how many retries a client may make beside its requests, whatever each request would like.

use super::Parameter;
use super::window::Window;
use std::time::Duration;

/// A budget, as four systems define it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// The quota of the AWS SDKs' standard mode: a retry takes tokens and gives them back when it succeeds; a
    /// request that succeeds at once gives one.
    Aws {
        /// Tokens at first, and at most.
        tokens: u32,
        /// What a retry takes.
        retry: u32,
        /// What a retry after a time-out takes.
        timeout: u32,
        /// What a success at once gives.
        refund: u32,
    },
    /// gRPC's `retryThrottling` (gRFC A6): a failure takes one, a success gives `ratio`; no retry at half of
    /// `max_tokens` or below.
    Grpc {
        /// Tokens at first, and at most.
        max_tokens: u32,
        /// What a success gives.
        ratio: f64,
    },
    /// Finagle's `RetryBudget`: each request gives `ratio`, each retry takes one, over the last `ttl`; and
    /// `min_per_s` retries a second are free.
    Finagle {
        /// How long a deposit lasts.
        ttl: Duration,
        /// Retries a second that need no deposit.
        min_per_s: f64,
        /// Retries a request.
        ratio: f64,
    },
    /// Envoy's `retry_budget`: at most `ratio` of the requests in flight may be retries, and `min` always may.
    Envoy {
        /// Retries in flight of all in flight.
        ratio: f64,
        /// Retries in flight that are always allowed.
        min: u32,
    },
}

impl Budget {
    /// When a retry is allowed, in the names of the parameters.
    pub const fn formula(self) -> &'static str {
        match self {
            Self::Aws { .. } => {
                "retry while tokens ≥ its cost; a retry that succeeds gives its cost back, a success at once gives refund"
            }
            Self::Grpc { .. } => {
                "retry while tokens > max_tokens / 2; a failure takes 1, a success gives ratio"
            }
            Self::Finagle { .. } => "retries ≤ ratio × requests + min_per_s × ttl, over the last ttl",
            Self::Envoy { .. } => "retries in flight < max(min_in_flight, ratio × requests in flight)",
        }
    }

    pub(super) fn parameters(self) -> Vec<Parameter> {
        match self {
            Self::Aws { tokens, retry, timeout, refund } => vec![
                ("tokens", tokens.to_string()),
                ("retry_cost", retry.to_string()),
                ("retry_cost_after_timeout", timeout.to_string()),
                ("refund", refund.to_string()),
            ],
            Self::Grpc { max_tokens, ratio } => {
                vec![("max_tokens", max_tokens.to_string()), ("ratio", ratio.to_string())]
            }
            Self::Finagle { ttl, min_per_s, ratio } => vec![
                ("ttl", humantime::format_duration(ttl).to_string()),
                ("min_per_s", min_per_s.to_string()),
                ("ratio", ratio.to_string()),
            ],
            Self::Envoy { ratio, min } => {
                vec![("ratio", ratio.to_string()), ("min_in_flight", min.to_string())]
            }
        }
    }
}

/// What is left of a [`Budget`].
#[derive(Clone, Debug)]
pub struct Tokens {
    budget: Budget,
    left: f64,
    deposits: Window<1>,
    in_flight: u32,
    retries_in_flight: u32,
}

impl Tokens {
    /// A budget of which nothing is spent.
    pub fn of(budget: Budget) -> Self {
        let (left, window) = match budget {
            Budget::Aws { tokens, .. } => (f64::from(tokens), Duration::ZERO),
            Budget::Grpc { max_tokens, .. } => (f64::from(max_tokens), Duration::ZERO),
            Budget::Finagle { ttl, .. } => (0.0, ttl),
            Budget::Envoy { .. } => (0.0, Duration::ZERO),
        };
        Self { budget, left, deposits: Window::of(window), in_flight: 0, retries_in_flight: 0 }
    }

    /// What is left, in tokens; for Envoy's, retries that may start now.
    pub fn left(&mut self, now: Duration) -> f64 {
        match self.budget {
            Budget::Aws { .. } => self.left,
            Budget::Grpc { max_tokens, .. } => self.left - f64::from(max_tokens) / 2.0,
            Budget::Finagle { ttl, min_per_s, .. } => {
                self.deposits.sums(now)[0] + min_per_s * ttl.as_secs_f64()
            }
            Budget::Envoy { ratio, min } => {
                (f64::from(self.in_flight) * ratio).max(f64::from(min)) - f64::from(self.retries_in_flight)
            }
        }
    }

    /// An attempt was sent: the first of its request, or a retry that [`Self::take`] allowed.
    pub fn sent(&mut self, now: Duration, retry: bool) {
        self.in_flight += 1;
        self.retries_in_flight += u32::from(retry);
        if let (Budget::Finagle { ratio, .. }, false) = (self.budget, retry) {
            self.deposits.add(now, [ratio]);
        }
    }

    /// An attempt ended; `took` is what its retry took.
    pub fn ended(&mut self, retry: bool, succeeded: bool, took: f64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.retries_in_flight = self.retries_in_flight.saturating_sub(u32::from(retry));
        match self.budget {
            Budget::Aws { tokens, refund, .. } if succeeded => {
                let gives = if retry { took } else { f64::from(refund) };
                self.left = (self.left + gives).min(f64::from(tokens));
            }
            Budget::Grpc { max_tokens, ratio } => {
                let change = if succeeded { ratio } else { -1.0 };
                self.left = (self.left + change).clamp(0.0, f64::from(max_tokens));
            }
            _ => {}
        }
    }

    /// Takes what a retry costs; nothing when there is not enough.
    pub fn take(&mut self, now: Duration, after_timeout: bool) -> Option<f64> {
        let cost = match self.budget {
            Budget::Aws { retry, timeout, .. } => f64::from(if after_timeout { timeout } else { retry }),
            // above the half, not at it
            Budget::Grpc { .. } => return (self.left(now) > 0.0).then_some(0.0),
            Budget::Finagle { .. } | Budget::Envoy { .. } => 1.0,
        };
        // sums of tenths: a token may lack a billionth
        if self.left(now) + 1e-9 < cost {
            return None;
        }
        match self.budget {
            Budget::Aws { .. } => self.left -= cost,
            Budget::Finagle { .. } => self.deposits.add(now, [-1.0]),
            Budget::Grpc { .. } | Budget::Envoy { .. } => {}
        }
        Some(cost)
    }
}
