//! Hedging: against a few stragglers, and by impatience on servers that have much to do.

use super::metric::{amplification, p99_ms};
use super::parts::{arm, case, secs, server, varying, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Values};
use crate::recover::{Backend, Service};
use crate::retry::{Hedge, Strategy};

const LOAD: Param = Param::per_s("load", 50.0);
const STRAGGLERS: Param = Param::share("stragglers", 0.02);
const STRAGGLER: Param = Param::millis("straggler", 500.0);
const AFTER: Param = Param::millis("after", 30.0);
const BUSY: Param = Param::per_s("busy_load", 140.0);
const EARLY: Param = Param::millis("early", 5.0);
const SERVICE: Param = Param::millis("service", 10.0);
const TIMEOUT: Param = Param::millis("timeout", 2000.0);
const WORKERS: Param = Param::count("workers", 8.0);
const MOST: Param = Param::count("most", 2.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "hedging",
    params: &[LOAD, STRAGGLERS, STRAGGLER, AFTER, BUSY, EARLY, SERVICE, TIMEOUT, WORKERS, MOST],
    cases,
    focus: ("amplification", amplification),
    plot: Plot::Plain,
    claims: &[
        Claim {
            key: "tail_is_long",
            of: |played| played.median("helps", "once", p99_ms),
            limit: Limit::AtLeast(400.0),
        },
        Claim {
            key: "hedge_cuts_it",
            of: |played| played.median("helps", "hedged", p99_ms),
            limit: Limit::AtMost(60.0),
        },
        Claim {
            key: "costs_little",
            of: |played| played.median("helps", "hedged", amplification),
            limit: Limit::AtMost(1.05),
        },
        Claim {
            key: "doubles_the_load",
            of: |played| played.median("harms", "hedged", amplification),
            limit: Limit::AtLeast(1.5),
        },
        Claim {
            key: "tail_grows",
            of: |played| played.times("harms", "hedged", "once", p99_ms),
            limit: Limit::AtLeast(3.0),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let once = Strategy::once(values.time(&TIMEOUT));
    let arms = |after| {
        let hedge = Some(Hedge { after: values.time(after), most: values.count(&MOST) });
        vec![arm("once", once), arm("hedged", Strategy { hedge, ..once })]
    };
    let steady = server(values.count(&WORKERS), values.time(&SERVICE));
    let service = Service {
        stragglers: values.number(&STRAGGLERS),
        straggler: values.time(&STRAGGLER),
        ..steady.service
    };
    let stragglers = world(values.number(&LOAD), secs(60), 2, Backend { service, ..steady });
    let busy = world(values.number(&BUSY), secs(30), 2, varying(1, values.time(&SERVICE)));
    vec![case("helps", stragglers, arms(&AFTER)), case("harms", busy, arms(&EARLY))]
}
