//! A retry budget: while one of two servers is silent, and where failures are many and retries cost nothing.

use super::metric::{amplification, goodput, over_budget, success};
use super::parts::{arm, case, immediate, secs, server, trouble, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Values};
use crate::recover::What;
use crate::retry::{Budget, Strategy};

const LOAD: Param = Param::per_s("load", 120.0);
const QUIET: Param = Param::per_s("quiet_load", 40.0);
const FAILS: Param = Param::share("fails", 0.3);
const RATIO: Param = Param::share("ratio", 0.1);
/// How long a request counts.
const TTL: Param = Param::millis("ttl", 10_000.0);
/// Retries a second that cost nothing; Finagle has ten, which here would be a quarter of the requests.
const FREE: Param = Param::per_s("min_per_s", 0.0).or_none();
const TIMEOUT: Param = Param::millis("timeout", 250.0);
const ATTEMPTS: Param = Param::count("attempts", 4.0);
const SERVICE: Param = Param::millis("service", 10.0);
const OUTAGE: Param = Param::millis("outage", 5000.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "retry-budget",
    params: &[LOAD, QUIET, FAILS, RATIO, TTL, FREE, TIMEOUT, ATTEMPTS, SERVICE, OUTAGE],
    cases,
    focus: ("over_budget", over_budget),
    plot: Plot::Tokens,
    claims: &[
        Claim {
            key: "storm_stays",
            of: |played| played.times("helps", "retry", "once", goodput),
            limit: Limit::AtMost(0.2),
        },
        Claim {
            key: "budget_recovers",
            of: |played| played.times("helps", "budget", "once", goodput),
            limit: Limit::AtLeast(0.95),
        },
        Claim {
            key: "budget_bounds_load",
            of: |played| played.median("helps", "budget", amplification),
            limit: Limit::AtMost(1.12),
        },
        Claim {
            key: "retries_would_heal",
            of: |played| played.median("harms", "retry", success),
            limit: Limit::AtLeast(0.98),
        },
        Claim {
            key: "budget_forbids_them",
            of: |played| played.median("harms", "budget", success),
            limit: Limit::AtMost(0.85),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let timeout = values.time(&TIMEOUT);
    let retry = immediate(timeout, values.count(&ATTEMPTS));
    let budget = Budget::Finagle {
        ttl: values.time(&TTL),
        min_per_s: values.number(&FREE),
        ratio: values.number(&RATIO),
    };
    let arms = || {
        vec![
            arm("once", Strategy::once(timeout)),
            arm("retry", retry),
            arm("budget", Strategy { budget: Some(budget), ..retry }),
        ]
    };
    let backend = server(1, values.time(&SERVICE));
    let ends = secs(5) + values.time(&OUTAGE);
    let mut outage = world(values.number(&LOAD), ends + secs(30), 2, backend);
    outage.troubles = vec![trouble(Some(0), secs(5), ends, What::Blackhole)];
    let mut failing = world(values.number(&QUIET), secs(30), 2, backend);
    failing.troubles = vec![trouble(None, secs(0), secs(60), What::Fails(values.number(&FAILS)))];
    vec![
        Case { from: ends + secs(15), trouble_ends: Some(ends), ..case("helps", outage, arms()) },
        case("harms", failing, arms()),
    ]
}
