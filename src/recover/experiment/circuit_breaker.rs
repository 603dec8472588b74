//! A circuit breaker: before a server that is gone, and before four shards of which one is.

use super::metric::{attempts_per_s, recovered_s, refused_though_well, success};
use super::parts::{arm, case, immediate, millis, secs, server, trouble, world};
use super::{Case, Claim, Experiment, Limit, Param, Values};
use crate::recover::What;
use crate::retry::{Breaker, Strategy};

const LOAD: Param = Param::per_s("load", 50.0);
const TIMEOUT: Param = Param::millis("timeout", 500.0);
const ATTEMPTS: Param = Param::count("attempts", 3.0);
const SHARE: Param = Param::share("share", 0.2);
const WINDOW: Param = Param::millis("window", 2000.0);
const LEAST: Param = Param::count("least_calls", 10.0);
const OPEN: Param = Param::millis("open_for", 1000.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "circuit-breaker",
    params: &[LOAD, TIMEOUT, ATTEMPTS, SHARE, WINDOW, LEAST, OPEN],
    cases,
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
        probes: 1,
    };
    let arms = || vec![arm("retry", retry), arm("breaker", Strategy { breaker: Some(breaker), ..retry })];
    let mut gone = world(load, secs(30), 1, server(4, millis(10)));
    gone.troubles = vec![trouble(None, secs(5), secs(15), What::Blackhole)];
    let mut shards = world(load, secs(30), 4, server(4, millis(10)));
    shards.sharded = true;
    shards.troubles = vec![trouble(Some(3), secs(0), secs(60), What::Down)];
    vec![
        Case { from: secs(5), until: secs(15), trouble_ends: Some(secs(15)), ..case("helps", gone, arms()) },
        case("harms", shards, arms()),
    ]
}
