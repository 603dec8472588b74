//! A world that runs faster: every duration of world and arm is made shorter by the same factor and every rate
//! higher, and what was measured is told in the time of the world again.

use crate::recover::{Arm, Backend, Measured, Network, Service, Trouble, World};
use crate::retry::{Admission, Breaker, Budget, Hedge, Policy, Strategy, Throttle};
use std::time::Duration;

/// The world at this scale. Its arrivals are left alone: they are made in the time of the world, so that the
/// same seed gives the same ones as in the simulation.
pub(super) fn world(world: &World, by: f64) -> World {
    let of = |time| scaled(time, by);
    let backend = |it: &Backend| Backend {
        service: Service { usual: of(it.service.usual), straggler: of(it.service.straggler), ..it.service },
        ..*it
    };
    let trouble = |it: &Trouble| Trouble { from: of(it.from), until: of(it.until), ..*it };
    World {
        lasts: of(world.lasts),
        backends: world.backends.iter().map(backend).collect(),
        network: Network { delay: of(world.network.delay), ..world.network },
        troubles: world.troubles.iter().map(trouble).collect(),
        skew_s: world.skew_s * by,
        ..world.clone()
    }
}

/// The arm at this scale.
pub(super) fn arm(arm: &Arm, by: f64) -> Arm {
    let admission = arm.admission;
    Arm {
        strategy: strategy(&arm.strategy, by),
        admission: Admission {
            needs: scaled(admission.needs, by),
            drain: admission.drain.map(|time| scaled(time, by)),
            keeps_keys: admission.keeps_keys.map(|time| scaled(time, by)),
            ..admission
        },
        ..arm.clone()
    }
}

fn strategy(strategy: &Strategy, by: f64) -> Strategy {
    let of = |time| scaled(time, by);
    let policy = strategy.policy;
    Strategy {
        timeout: of(strategy.timeout),
        total: strategy.total.map(of),
        policy: Policy { base: of(policy.base), cap: of(policy.cap), ..policy },
        budget: strategy.budget.map(|budget| match budget {
            Budget::Finagle { ttl, min_per_s, ratio } => {
                Budget::Finagle { ttl: of(ttl), min_per_s: min_per_s / by, ratio }
            }
            Budget::Aws { .. } | Budget::Grpc { .. } | Budget::Envoy { .. } => budget,
        }),
        breaker: strategy.breaker.map(|breaker| match breaker {
            Breaker::Consecutive { failures, open_for, probes } => {
                Breaker::Consecutive { failures, open_for: of(open_for), probes }
            }
            Breaker::Rate { share, window, least, open_for, probes } => {
                Breaker::Rate { share, window: of(window), least, open_for: of(open_for), probes }
            }
        }),
        throttle: strategy.throttle.map(|it| Throttle { window: of(it.window), ..it }),
        hedge: strategy.hedge.map(|it| Hedge { after: of(it.after), ..it }),
        ..*strategy
    }
}

/// What was measured, in the time of the world.
pub(super) fn unscaled(measured: Measured, by: f64) -> Measured {
    let back = |time: Duration| scaled(time, 1.0 / by);
    let all = |times: Vec<Duration>| times.into_iter().map(back).collect();
    Measured {
        requests: measured.requests.into_iter().map(|(at, took)| (back(at), took.map(back))).collect(),
        attempts: all(measured.attempts),
        successes: all(measured.successes),
        tokens: measured.tokens.into_iter().map(|(at, left)| (back(at), left)).collect(),
        circuit: measured.circuit.into_iter().map(|(at, state)| (back(at), state)).collect(),
        ..measured
    }
}

/// One time at this scale; what is longer than any run stays so.
pub(super) fn scaled(time: Duration, by: f64) -> Duration {
    Duration::try_from_secs_f64(time.as_secs_f64() * by).unwrap_or(Duration::MAX)
}
