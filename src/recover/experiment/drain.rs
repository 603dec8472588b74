//! A graceful drain: on a restart that ends what it began, and one that waits longer than anybody else does.

use super::metric::failures;
use super::parts::{arm, case, secs, server, trouble, with, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Values};
use crate::recover::{Backend, Service, What};
use crate::retry::{Admission, Strategy};
use std::time::Duration;

const LOAD: Param = Param::per_s("load", 60.0);
const RESTART: Param = Param::millis("restart", 1000.0);
const DRAIN: Param = Param::millis("drain", 1000.0);
const LONG: Param = Param::millis("long_drain", 30_000.0);
const TIMEOUT: Param = Param::millis("timeout", 1000.0);
const SERVICE: Param = Param::millis("service", 100.0);
const WORKERS: Param = Param::count("workers", 16.0);
const QUEUE: Param = Param::count("queue", 200.0);
const BUSY: Param = Param::per_s("busy_load", 240.0);
const BUSY_WORKERS: Param = Param::count("busy_workers", 30.0);
const STRAGGLERS: Param = Param::share("stragglers", 0.005);
const STRAGGLER: Param = Param::millis("straggler", 15_000.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "drain",
    params: &[
        LOAD,
        RESTART,
        DRAIN,
        LONG,
        TIMEOUT,
        SERVICE,
        WORKERS,
        QUEUE,
        BUSY,
        BUSY_WORKERS,
        STRAGGLERS,
        STRAGGLER,
    ],
    cases,
    focus: ("failures", failures),
    plot: Plot::Plain,
    claims: &[
        Claim {
            key: "abrupt_fails",
            of: |played| played.median("helps", "abrupt", failures),
            limit: Limit::AtLeast(10.0),
        },
        Claim {
            key: "drained_fails_nothing",
            of: |played| played.median("helps", "drain", failures),
            limit: Limit::AtMost(0.0),
        },
        Claim {
            key: "long_drain_overloads",
            of: |played| played.times("harms", "long-drain", "drain", failures),
            limit: Limit::AtLeast(3.0),
        },
        Claim {
            key: "worse_than_none",
            of: |played| played.times("harms", "long-drain", "abrupt", failures),
            limit: Limit::AtLeast(3.0),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let once = Strategy::once(values.time(&TIMEOUT));
    let drains = |name, most| {
        with(
            arm(name, once),
            Admission {
                drain: Some(values.time(most)),
                queue: Some(values.count(&QUEUE)),
                ..Admission::OPEN
            },
        )
    };
    let abrupt =
        || with(arm("abrupt", once), Admission { queue: Some(values.count(&QUEUE)), ..Admission::OPEN });
    let restart = |from: Duration| trouble(Some(0), from, from + values.time(&RESTART), What::Restart);
    let mut calm =
        world(values.number(&LOAD), secs(15), 2, server(values.count(&WORKERS), values.time(&SERVICE)));
    calm.troubles = vec![restart(secs(5))];
    let steady = server(values.count(&BUSY_WORKERS), values.time(&SERVICE));
    let service = Service {
        stragglers: values.number(&STRAGGLERS),
        straggler: values.time(&STRAGGLER),
        ..steady.service
    };
    let mut busy = world(values.number(&BUSY), secs(60), 2, Backend { service, ..steady });
    busy.troubles = vec![restart(secs(20))];
    vec![
        case("helps", calm, vec![abrupt(), drains("drain", &DRAIN)]),
        case("harms", busy, vec![abrupt(), drains("drain", &DRAIN), drains("long-drain", &LONG)]),
    ]
}
