//! Backoff and jitter: after a restart that met every client at once, and under a load that never pauses.

use super::metric::{goodput, p99_ms, peak, success};
use super::parts::{arm, case, immediate, retrying, secs, server, trouble, with, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Values};
use crate::recover::{Arrivals, What};
use crate::retry::{Admission, Backoff, Strategy};

const CLIENTS: Param = Param::count("clients", 200.0);
const OUTAGE: Param = Param::millis("outage", 1000.0);
const BASE: Param = Param::millis("base", 100.0);
const CAP: Param = Param::millis("cap", 2000.0);
const ATTEMPTS: Param = Param::count("attempts", 12.0);
const QUEUE: Param = Param::count("queue", 20.0);
const LOAD: Param = Param::per_s("load", 70.0);
const STALL: Param = Param::millis("stall", 2000.0);
const TIMEOUT: Param = Param::millis("timeout", 250.0);
const HERD_SERVICE: Param = Param::millis("herd_service", 5.0);
const SERVICE: Param = Param::millis("service", 10.0);
const STEADY_ATTEMPTS: Param = Param::count("steady_attempts", 4.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "herd",
    params: &[
        CLIENTS,
        OUTAGE,
        BASE,
        CAP,
        ATTEMPTS,
        QUEUE,
        LOAD,
        STALL,
        TIMEOUT,
        HERD_SERVICE,
        SERVICE,
        STEADY_ATTEMPTS,
    ],
    cases,
    focus: ("peak", peak),
    plot: Plot::Attempts,
    claims: &[
        Claim {
            key: "spent_too_early",
            of: |played| played.median("helps", "immediate", success),
            limit: Limit::AtMost(0.05),
        },
        Claim {
            key: "waves",
            of: |played| played.times("helps", "exponential", "full-jitter", peak),
            limit: Limit::AtLeast(3.0),
        },
        Claim {
            key: "waves_last",
            of: |played| played.times("helps", "exponential", "full-jitter", p99_ms),
            limit: Limit::AtLeast(3.0),
        },
        Claim {
            key: "jitter_serves_all",
            of: |played| played.median("helps", "full-jitter", success),
            limit: Limit::AtLeast(0.99),
        },
        Claim {
            key: "collapses_all_the_same",
            of: |played| played.times("harms", "full-jitter", "once", goodput),
            limit: Limit::AtMost(0.1),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let (base, cap, timeout) = (values.time(&BASE), values.time(&CAP), values.time(&TIMEOUT));
    let waits = |attempts| move |(name, backoff)| arm(name, retrying(timeout, attempts, backoff, base, cap));
    let backoffs = [
        ("exponential", Backoff::Exponential),
        ("equal-jitter", Backoff::EqualJitter),
        ("full-jitter", Backoff::FullJitter),
        ("decorrelated", Backoff::Decorrelated),
    ];
    let (clients, attempts) = (values.count(&CLIENTS), values.count(&ATTEMPTS));
    let outage = values.time(&OUTAGE);
    let mut herd = world(1.0, outage + secs(29), 1, server(1, values.time(&HERD_SERVICE)));
    herd.arrivals = Arrivals::AtOnce { count: clients };
    herd.clients = clients;
    herd.troubles = vec![trouble(None, secs(0), outage, What::Down)];
    let sheds = Admission { queue: Some(values.count(&QUEUE)), ..Admission::OPEN };
    let herders = std::iter::once(arm("immediate", immediate(timeout, attempts)))
        .chain(backoffs.map(waits(attempts)))
        .map(|arm| with(arm, sheds));
    let stall_ends = secs(5) + values.time(&STALL);
    let mut steady = world(values.number(&LOAD), stall_ends + secs(33), 1, server(1, values.time(&SERVICE)));
    steady.troubles = vec![trouble(None, secs(5), stall_ends, What::Stall)];
    let arms = std::iter::once(arm("once", Strategy::once(timeout)))
        .chain(backoffs.map(waits(values.count(&STEADY_ATTEMPTS))));
    vec![
        Case { from: outage, ..case("helps", herd, herders.collect()) },
        Case {
            from: stall_ends + secs(23),
            trouble_ends: Some(stall_ends),
            ..case("harms", steady, arms.collect())
        },
    ]
}
