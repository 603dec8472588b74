//! Idempotency keys: where replies are lost after the work was done, and where the key is of no use.

use super::metric::{doubled, success};
use super::parts::{arm, case, immediate, secs, server, with, world};
use super::{Case, Claim, Experiment, Limit, Param, Plot, Values};
use crate::recover::Arm;
use crate::retry::{Admission, Strategy};

const LOAD: Param = Param::per_s("load", 40.0);
const LOST: Param = Param::share("lost_replies", 0.1);
const TIMEOUT: Param = Param::millis("timeout", 250.0);
const ATTEMPTS: Param = Param::count("attempts", 4.0);
const SERVICE: Param = Param::millis("service", 10.0);
const KEPT: Param = Param::millis("kept", 60_000.0);
const TOO_SHORT: Param = Param::millis("kept_too_short", 100.0);

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "idempotency",
    params: &[LOAD, LOST, TIMEOUT, ATTEMPTS, SERVICE, KEPT, TOO_SHORT],
    cases,
    focus: ("doubled", doubled),
    plot: Plot::Plain,
    claims: &[
        Claim {
            key: "blind_doubles",
            of: |played| played.median("helps", "blind", doubled),
            limit: Limit::AtLeast(0.05),
        },
        Claim {
            key: "key_does_not",
            of: |played| played.median("helps", "keyed", doubled),
            limit: Limit::AtMost(0.0),
        },
        Claim {
            key: "all_succeed",
            of: |played| played.median("helps", "keyed", success),
            limit: Limit::AtLeast(0.99),
        },
        Claim {
            key: "new_keys_double",
            of: |played| played.median("harms", "new-key", doubled),
            limit: Limit::AtLeast(0.05),
        },
        Claim {
            key: "expired_keys_double",
            of: |played| played.median("harms", "expired", doubled),
            limit: Limit::AtLeast(0.05),
        },
    ],
};

fn cases(values: &Values) -> Vec<Case> {
    let blind = immediate(values.time(&TIMEOUT), values.count(&ATTEMPTS));
    let keyed = |name, kept| {
        let keeps = Admission { keeps_keys: Some(values.time(kept)), ..Admission::OPEN };
        with(arm(name, Strategy { keyed: true, ..blind }), keeps)
    };
    let mut lossy = world(values.number(&LOAD), secs(30), 1, server(2, values.time(&SERVICE)));
    lossy.network.lost_replies = values.number(&LOST);
    let new_key = Arm { new_key_each_attempt: true, ..keyed("new-key", &KEPT) };
    vec![
        case("helps", lossy.clone(), vec![arm("blind", blind), keyed("keyed", &KEPT)]),
        case("harms", lossy, vec![keyed("keyed", &KEPT), new_key, keyed("expired", &TOO_SHORT)]),
    ]
}
