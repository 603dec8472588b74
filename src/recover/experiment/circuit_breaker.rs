//! A circuit breaker: before a server that is gone, and before four shards of which one is.

use super::metric::{attempts_per_s, recovered_s, refused_though_well, success};
use super::parts::{arm, case, immediate, secs, server, trouble, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Values};
use crate::recover::What;
use crate::retry::{Breaker, Strategy};

const LOAD: Param = Param::per_s("load", 50.0);
const TIMEOUT: Param = Param::millis("timeout", 500.0);
const ATTEMPTS: Param = Param::count("attempts", 3.0);
const SHARE: Param = Param::share("share", 0.2);
const WINDOW: Param = Param::millis("window", 2000.0);
const LEAST: Param = Param::count("least_calls", 10.0);
const OPEN: Param = Param::millis("open_for", 1000.0);
const PROBES: Param = Param::count("probes", 1.0);
const SERVICE: Param = Param::millis("service", 10.0);
const WORKERS: Param = Param::count("workers", 4.0);
const OUTAGE: Param = Param::millis("outage", 10_000.0);
/// One of them is down.
const SHARDS: Param = Param { most: 100.0, ..Param::count("shards", 4.0) };

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "circuit-breaker",
    params: &[LOAD, TIMEOUT, ATTEMPTS, SHARE, WINDOW, LEAST, OPEN, PROBES, SERVICE, WORKERS, OUTAGE, SHARDS],
    cases,
    focus: ("refused_though_well", refused_though_well),
    plot: Plot::Circuit,
    claims: &[
        Claim {
            key: "spares_the_dead",
            of: |played| played.times("helps", "breaker", "retry", attempts_per_s),
            limit: Limit::AtMost(0.2),
        },
        Claim {
            key: "comes_back",
            of: |played| played.median("helps", "breaker", recovered_s),
            limit: Limit::AtMost(2.5),
        },
        Claim {
            key: "three_shards_work",
            of: |played| played.median("harms", "retry", success),
            limit: Limit::AtLeast(0.73),
        },
        Claim {
            key: "blocks_the_well",
            of: |played| played.median("harms", "breaker", refused_though_well),
            limit: Limit::AtLeast(0.3),
        },
        Claim {
            key: "breaker_loses",
            of: |played| played.median("harms", "breaker", success),
            limit: Limit::AtMost(0.4),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let load = values.number(&LOAD);
    let retry = immediate(values.time(&TIMEOUT), values.count(&ATTEMPTS));
    let breaker = Breaker::Rate {
        share: values.number(&SHARE),
        window: values.time(&WINDOW),
        least: values.count(&LEAST),
        open_for: values.time(&OPEN),
        probes: values.count(&PROBES),
    };
    let arms = || vec![arm("retry", retry), arm("breaker", Strategy { breaker: Some(breaker), ..retry })];
    let backend = server(values.count(&WORKERS), values.time(&SERVICE));
    let ends = secs(5) + values.time(&OUTAGE);
    let mut gone = world(load, ends + secs(15), 1, backend);
    gone.troubles = vec![trouble(None, secs(5), ends, What::Blackhole)];
    let mut shards = world(load, secs(30), values.count(&SHARDS), backend);
    shards.sharded = true;
    shards.troubles = vec![trouble(Some(0), secs(0), secs(60), What::Down)];
    vec![
        Case { from: secs(5), until: ends, trouble_ends: Some(ends), ..case("helps", gone, arms()) },
        case("harms", shards, arms()),
    ]
}
