//! The metastable failure: a short stall, and a server that never comes back although the stall is over. What
//! keeps it down are the retries (Bronson et al., "Metastable Failures in Distributed Systems", `HotOS` 2021).

use super::metric::{attempts_per_s, goodput, recovered_s};
use super::parts::{arm, case, immediate, retrying, secs, server, trouble, with, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Sweep, Values};
use crate::recover::{Arm, What};
use crate::retry::{Admission, Backoff, Breaker, Budget, Strategy};

const LOAD: Param = Param::per_s("load", 70.0);
/// Even with all its attempts below what the server can do.
const LIGHT: Param = Param::per_s("light_load", 20.0);
const MEDIUM: Param = Param::per_s("medium_load", 40.0);
const SERVICE: Param = Param::millis("service", 10.0);
const TIMEOUT: Param = Param::millis("timeout", 250.0);
const ATTEMPTS: Param = Param::count("attempts", 4.0);
const STALL: Param = Param::millis("stall", 2000.0);
const RATIO: Param = Param::share("ratio", 0.1);
const QUEUE: Param = Param::count("queue", 20.0);
const BASE: Param = Param::millis("base", 50.0);
const CAP: Param = Param::millis("cap", 1000.0);
const TTL: Param = Param::millis("ttl", 10_000.0);
const SHARE: Param = Param::share("share", 0.5);
const WINDOW: Param = Param::millis("window", 1000.0);
const LEAST: Param = Param::count("least_calls", 10.0);
const OPEN: Param = Param::millis("open_for", 1000.0);
const PROBES: Param = Param::count("probes", 5.0);

macro_rules! claims {
    ($($key:literal: $case:literal $arm:literal $metric:ident $limit:ident $number:literal;)+) => {
        &[$(Claim {
            key: $key,
            of: |played| played.median($case, $arm, $metric),
            limit: Limit::$limit($number),
        }),+]
    };
}

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "metastable",
    params: &[
        LOAD, LIGHT, MEDIUM, SERVICE, TIMEOUT, ATTEMPTS, STALL, RATIO, TTL, QUEUE, BASE, CAP, SHARE, WINDOW,
        LEAST, OPEN, PROBES,
    ],
    cases,
    focus: ("attempts_per_s", attempts_per_s),
    plot: Plot::Against(Sweep {
        case: "helps",
        arms: &[],
        param: LIGHT,
        values: &[10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0],
        number: ("goodput", goodput),
    }),
    claims: claims! {
        "light_recovers": "helps" "immediate" goodput AtLeast 15.0;
        "medium_stays_down": "edge" "immediate" goodput AtMost 2.0;
        "once_recovers": "harms" "once" goodput AtLeast 60.0;
        "immediate_stays_down": "harms" "immediate" goodput AtMost 1.0;
        "exponential_stays_down": "harms" "exponential" goodput AtMost 1.0;
        "jitter_stays_down": "harms" "full-jitter" goodput AtMost 1.0;
        "attempts_keep_it_down": "harms" "full-jitter" attempts_per_s AtLeast 250.0;
        "budget_recovers": "harms" "budget" recovered_s AtMost 10.0;
        "breaker_recovers": "harms" "breaker" recovered_s AtMost 8.0;
        "late_dropping_recovers": "harms" "drops-late" recovered_s AtMost 2.0;
        "expired_dropping_recovers": "harms" "drops-expired" goodput AtLeast 55.0;
        "bounded_recovers": "harms" "bounded" recovered_s AtMost 1.0;
    },
};

fn cases(values: &Values) -> Vec<Case> {
    let one = |name, load, arms| {
        let ends = secs(10) + values.time(&STALL);
        let mut stalled = world(values.number(load), ends + secs(45), 1, server(1, values.time(&SERVICE)));
        stalled.network.delay = secs(0);
        stalled.troubles = vec![trouble(None, secs(10), ends, What::Stall)];
        Case { from: ends + secs(35), trouble_ends: Some(ends), ..case(name, stalled, arms) }
    };
    let simple = || {
        let timeout = values.time(&TIMEOUT);
        vec![
            arm("once", Strategy::once(timeout)),
            arm("immediate", immediate(timeout, values.count(&ATTEMPTS))),
        ]
    };
    vec![one("helps", &LIGHT, simple()), one("edge", &MEDIUM, simple()), one("harms", &LOAD, arms(values))]
}

fn arms(values: &Values) -> Vec<Arm> {
    let (timeout, attempts) = (values.time(&TIMEOUT), values.count(&ATTEMPTS));
    let waits = |backoff| retrying(timeout, attempts, backoff, values.time(&BASE), values.time(&CAP));
    let retry = immediate(timeout, attempts);
    let budget = Budget::Finagle { ttl: values.time(&TTL), min_per_s: 0.0, ratio: values.number(&RATIO) };
    let breaker = Breaker::Rate {
        share: values.number(&SHARE),
        window: values.time(&WINDOW),
        least: values.count(&LEAST),
        open_for: values.time(&OPEN),
        probes: values.count(&PROBES),
    };
    let drops = Admission { drops_expired: true, ..Admission::OPEN };
    let late = Admission { needs: values.time(&SERVICE), ..drops };
    let bounded = Admission { queue: Some(values.count(&QUEUE)), ..Admission::OPEN };
    vec![
        arm("once", Strategy::once(timeout)),
        arm("immediate", retry),
        arm("exponential", waits(Backoff::Exponential)),
        arm("full-jitter", waits(Backoff::FullJitter)),
        arm("budget", Strategy { budget: Some(budget), ..retry }),
        arm("breaker", Strategy { breaker: Some(breaker), ..retry }),
        with(arm("drops-late", Strategy { tells_deadline: true, ..retry }), late),
        with(arm("drops-expired", Strategy { tells_deadline: true, ..retry }), drops),
        with(arm("bounded", retry), bounded),
    ]
}
