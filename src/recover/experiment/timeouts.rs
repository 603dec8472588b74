//! Time-outs: against a server that never answers, and shorter than the server needs.

use super::metric::{false_timeouts, p99_ms, success};
use super::parts::{arm, case, immediate, secs, server, trouble, varying, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Sweep, Values};
use crate::recover::What;

const LOAD: Param = Param::per_s("load", 20.0);
const TIMEOUT: Param = Param::millis("timeout", 500.0);
/// What the system itself waits for a connection, as Windows does.
const SYSTEM: Param = Param::millis("system_timeout", 21_000.0);
const TIGHT: Param = Param::millis("tight_timeout", 60.0);
const ATTEMPTS: Param = Param::count("attempts", 4.0);
const SERVICE: Param = Param::millis("service", 30.0);
const OUTAGE: Param = Param::millis("outage", 10_000.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "timeouts",
    params: &[LOAD, TIMEOUT, SYSTEM, TIGHT, ATTEMPTS, SERVICE, OUTAGE],
    cases,
    focus: ("false_timeouts", false_timeouts),
    plot: Plot::Against(Sweep {
        case: "harms",
        arms: &["tight"],
        param: TIGHT,
        values: &[20.0, 40.0, 60.0, 80.0, 100.0, 150.0, 200.0, 300.0, 400.0, 500.0],
        number: ("false_timeouts", false_timeouts),
    }),
    claims: &[
        Claim {
            key: "waits_for_the_system",
            of: |played| played.median("helps", "system", p99_ms),
            limit: Limit::AtLeast(10_000.0),
        },
        Claim {
            key: "gets_away",
            of: |played| played.median("helps", "timeout", p99_ms),
            limit: Limit::AtMost(2500.0),
        },
        Claim {
            key: "false_timeouts",
            of: |played| played.median("harms", "tight", false_timeouts),
            limit: Limit::AtLeast(0.3),
        },
        Claim {
            key: "patience_succeeds",
            of: |played| played.median("harms", "timeout", success),
            limit: Limit::AtLeast(0.98),
        },
        Claim {
            key: "haste_fails",
            of: |played| played.median("harms", "tight", success),
            limit: Limit::AtMost(0.6),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let (load, attempts) = (values.number(&LOAD), values.count(&ATTEMPTS));
    let with = |name, param| arm(name, immediate(values.time(param), attempts));
    let ends = secs(5) + values.time(&OUTAGE);
    let mut silent = world(load, ends + secs(15), 2, server(4, values.time(&SERVICE)));
    silent.troubles = vec![trouble(Some(0), secs(5), ends, What::Blackhole)];
    let slow = world(load, secs(30), 1, varying(1, values.time(&SERVICE)));
    vec![
        Case {
            trouble_ends: Some(ends),
            ..case("helps", silent, vec![with("system", &SYSTEM), with("timeout", &TIMEOUT)])
        },
        case("harms", slow, vec![with("timeout", &TIMEOUT), with("tight", &TIGHT)]),
    ]
}
