//! Deadlines that travel with requests: after a stall, and where clocks disagree.

use super::metric::{goodput, success, wasted};
use super::parts::{arm, case, immediate, secs, server, trouble, with, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Values};
use crate::recover::What;
use crate::retry::{Admission, Strategy};

const LOAD: Param = Param::per_s("load", 70.0);
const TIMEOUT: Param = Param::millis("timeout", 250.0);
const ATTEMPTS: Param = Param::count("attempts", 4.0);
const STALL: Param = Param::millis("stall", 2000.0);
const SKEW: Param = Param::millis("skew", 300.0);
const SERVICE: Param = Param::millis("service", 10.0);
/// What a request must have left of its time: its service, the way back, and some more.
const NEEDS: Param = Param::millis("needs", 15.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "deadlines",
    params: &[LOAD, TIMEOUT, ATTEMPTS, STALL, SKEW, SERVICE, NEEDS],
    cases,
    focus: ("wasted", wasted),
    plot: Plot::Plain,
    claims: &[
        Claim {
            key: "work_for_nobody",
            of: |played| played.median("helps", "untold", wasted),
            limit: Limit::AtLeast(0.5),
        },
        Claim {
            key: "none_with_deadlines",
            of: |played| played.median("helps", "told", wasted),
            limit: Limit::AtMost(0.01),
        },
        Claim {
            key: "goodput_returns",
            of: |played| played.median("helps", "told", goodput),
            limit: Limit::AtLeast(60.0),
        },
        Claim {
            key: "well_without",
            of: |played| played.median("harms", "untold", success),
            limit: Limit::AtLeast(0.98),
        },
        Claim {
            key: "skew_drops_all",
            of: |played| played.median("harms", "told", success),
            limit: Limit::AtMost(0.01),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let load = values.number(&LOAD);
    let retry = immediate(values.time(&TIMEOUT), values.count(&ATTEMPTS));
    let arms = || {
        let drops = Admission { drops_expired: true, needs: values.time(&NEEDS), ..Admission::OPEN };
        let told = arm("told", Strategy { tells_deadline: true, ..retry });
        vec![arm("untold", retry), with(told, drops)]
    };
    let backend = server(1, values.time(&SERVICE));
    let ends = secs(5) + values.time(&STALL);
    let mut stalled = world(load, ends + secs(33), 1, backend);
    stalled.troubles = vec![trouble(None, secs(5), ends, What::Stall)];
    let mut skewed = world(load, secs(30), 1, backend);
    skewed.skew_s = values.time(&SKEW).as_secs_f64();
    vec![
        Case { from: ends + secs(23), trouble_ends: Some(ends), ..case("helps", stalled, arms()) },
        case("harms", skewed, arms()),
    ]
}
