//! A bounded queue: in a spike, and with a bound so low that it refuses what could be served.

use super::metric::{goodput, recovered_s, success};
use super::parts::{arm, case, secs, server, with, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Sweep, Values};
use crate::recover::Arrivals;
use crate::retry::{Admission, Strategy};

const LOAD: Param = Param::per_s("load", 70.0);
const PEAK: Param = Param::per_s("peak", 300.0);
const SPIKE: Param = Param::millis("spike", 5000.0);
const QUEUE: Param = Param::count("queue", 20.0);
const TOO_LOW: Param = Param::count("queue_too_low", 1.0);
const TIMEOUT: Param = Param::millis("timeout", 500.0);
const SERVICE: Param = Param::millis("service", 10.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "load-shedding",
    params: &[LOAD, PEAK, SPIKE, QUEUE, TOO_LOW, TIMEOUT, SERVICE],
    cases,
    focus: ("goodput", goodput),
    plot: Plot::Against(Sweep {
        case: "harms",
        arms: &[],
        param: LOAD,
        values: &[20.0, 40.0, 60.0, 80.0, 90.0, 100.0, 120.0, 150.0, 200.0, 300.0],
        number: ("goodput", goodput),
    }),
    claims: &[
        Claim {
            key: "all_too_late",
            of: |played| played.median("helps", "unbounded", goodput),
            limit: Limit::AtMost(20.0),
        },
        Claim {
            key: "full_speed",
            of: |played| played.median("helps", "bounded", goodput),
            limit: Limit::AtLeast(75.0),
        },
        Claim {
            key: "backlog_lingers",
            of: |played| played.median("helps", "unbounded", recovered_s),
            limit: Limit::AtLeast(10.0),
        },
        Claim {
            key: "back_at_once",
            of: |played| played.median("helps", "bounded", recovered_s),
            limit: Limit::AtMost(1.0),
        },
        Claim {
            key: "room_serves_all",
            of: |played| played.median("harms", "bounded", success),
            limit: Limit::AtLeast(0.99),
        },
        Claim {
            key: "too_low_refuses",
            of: |played| played.median("harms", "too-low", success),
            limit: Limit::AtMost(0.9),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let once = Strategy::once(values.time(&TIMEOUT));
    let bounded = |name, queue| {
        let sheds = Admission { queue: Some(values.count(queue)), ..Admission::OPEN };
        with(arm(name, once), sheds)
    };
    let load = values.number(&LOAD);
    let (from, until) = (secs(5), secs(5) + values.time(&SPIKE));
    let backend = server(1, values.time(&SERVICE));
    let mut spike = world(load, until + secs(50), 1, backend);
    spike.arrivals = Arrivals::Spike { per_s: load, peak_per_s: values.number(&PEAK), from, until };
    let calm = world(load, secs(30), 1, backend);
    vec![
        Case {
            from,
            until: until + secs(10),
            trouble_ends: Some(until),
            ..case("helps", spike, vec![arm("unbounded", once), bounded("bounded", &QUEUE)])
        },
        case(
            "harms",
            calm,
            vec![arm("unbounded", once), bounded("bounded", &QUEUE), bounded("too-low", &TOO_LOW)],
        ),
    ]
}
