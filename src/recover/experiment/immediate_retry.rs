//! Trying again at once: against a reset now and then, and against a server that has more than it can do.

use super::metric::{amplification, goodput, success};
use super::parts::{arm, case, immediate, secs, server, with, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Values};
use crate::retry::{Admission, Strategy};

const LOAD: Param = Param::per_s("load", 50.0);
const OVERLOAD: Param = Param::per_s("overload", 130.0);
const RESETS: Param = Param::share("resets", 0.05);
const TIMEOUT: Param = Param::millis("timeout", 300.0);
const ATTEMPTS: Param = Param::count("attempts", 3.0);
const SERVICE: Param = Param::millis("service", 10.0);
const QUEUE: Param = Param::count("queue", 20.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "immediate-retry",
    params: &[LOAD, OVERLOAD, RESETS, TIMEOUT, ATTEMPTS, SERVICE, QUEUE],
    cases,
    focus: ("amplification", amplification),
    plot: Plot::Plain,
    claims: &[
        Claim {
            key: "resets_hurt",
            of: |played| played.median("helps", "once", success),
            limit: Limit::AtMost(0.97),
        },
        Claim {
            key: "retry_heals",
            of: |played| played.median("helps", "immediate", success),
            limit: Limit::AtLeast(0.995),
        },
        Claim {
            key: "costs_little",
            of: |played| played.median("helps", "immediate", amplification),
            limit: Limit::AtMost(1.1),
        },
        Claim {
            key: "multiplies_overload",
            of: |played| played.median("harms", "immediate", amplification),
            limit: Limit::AtLeast(1.5),
        },
        Claim {
            key: "gains_nothing",
            of: |played| played.times("harms", "immediate", "once", goodput),
            limit: Limit::AtMost(1.05),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let timeout = values.time(&TIMEOUT);
    let arms = || {
        let sheds = Admission { queue: Some(values.count(&QUEUE)), ..Admission::OPEN };
        let tries = immediate(timeout, values.count(&ATTEMPTS));
        vec![with(arm("once", Strategy::once(timeout)), sheds), with(arm("immediate", tries), sheds)]
    };
    let backend = server(1, values.time(&SERVICE));
    let mut resets = world(values.number(&LOAD), secs(30), 1, backend);
    resets.network.resets = values.number(&RESETS);
    let overload = world(values.number(&OVERLOAD), secs(30), 1, backend);
    vec![case("helps", resets, arms()), case("harms", overload, arms())]
}
