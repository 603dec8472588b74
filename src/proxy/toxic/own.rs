//! The kinds of toxics that Toxiproxy does not have.

use super::{Attribute, Attributes, BOTH, Kind, Setting, TCP, UDP};
use crate::impair::{Chance, Impairment, Loss, Reorder};
use std::num::NonZeroU64;

const PROBABILITY: Attribute = Attribute::share("probability", "0 to 1");
const CORRELATION: Attribute =
    Attribute::share("correlation", "0 to 1, how often a decision is the last one again").ours();

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "loss",
        does: "drops some datagrams",
        on: UDP,
        attributes: &[
            PROBABILITY,
            CORRELATION,
            Attribute::whole("first", "drops the first so many").ours(),
            Attribute::whole("every", "drops each so manieth").ours(),
            Attribute::share("p", "Gilbert–Elliott: from good to bad").ours(),
            Attribute::share("r", "Gilbert–Elliott: from bad to good; 1−p if not set").ours(),
            Attribute::share("bad", "Gilbert–Elliott: loss in the bad state").or(Setting::Share(1.0)).ours(),
            Attribute::share("good", "Gilbert–Elliott: loss in the good state").ours(),
        ],
        build: |it| loss(it).map(Impairment::Loss),
    },
    Kind {
        name: "duplicate",
        does: "sends some datagrams twice",
        on: UDP,
        attributes: &[PROBABILITY, CORRELATION],
        build: |it| Ok(Impairment::Duplicate(chance(it))),
    },
    Kind {
        name: "reorder",
        does: "delays all datagrams but some, which overtake the others",
        on: UDP,
        attributes: &[
            PROBABILITY,
            CORRELATION,
            Attribute::whole("every", "each so manieth overtakes too").ours(),
            Attribute::whole("delay", "ms, of the others").or(Setting::Whole(10)),
        ],
        build: |it| {
            let every = NonZeroU64::new(it.whole("every"));
            Ok(Impairment::Reorder(Reorder { chance: chance(it), every, delay: it.millis("delay") }))
        },
    },
    Kind {
        name: "corrupt",
        does: "flips one bit in some of the data",
        on: BOTH,
        attributes: &[PROBABILITY, CORRELATION],
        build: |it| Ok(Impairment::Corrupt(chance(it))),
    },
    Kind {
        name: "refuse",
        does: "refuses connections",
        on: BOTH,
        attributes: &[],
        build: |_| Ok(Impairment::Refuse { first: None }),
    },
    Kind {
        name: "first_n",
        does: "resets the first so many connections, and lets the others pass",
        on: BOTH,
        attributes: &[Attribute::whole("connections", "how many, at least 1")],
        build: |it| Ok(Impairment::Refuse { first: Some(it.positive("connections")?) }),
    },
    Kind {
        name: "blackhole",
        does: "accepts connections, and lets nothing arrive",
        on: BOTH,
        attributes: &[],
        build: |_| Ok(Impairment::Blackhole),
    },
    Kind {
        name: "half_open",
        does: "lets data pass, but not the end of the stream",
        on: TCP,
        attributes: &[],
        build: |_| Ok(Impairment::HalfOpen),
    },
    Kind {
        name: "reset_after",
        does: "resets (RST) after so many bytes or so much time",
        on: TCP,
        attributes: &[Attribute::whole("bytes", "bytes that pass before"), Attribute::whole("time", "ms")],
        build: |it| {
            let (bytes, time) = (it.is_set("bytes"), it.is_set("time"));
            if !(bytes || time) {
                return Err("reset_after: needs bytes, time or both".to_owned());
            }
            Ok(Impairment::ResetAfter {
                bytes: bytes.then(|| it.whole("bytes")),
                time: time.then(|| it.millis("time")),
            })
        },
    },
];

fn chance(it: &Attributes) -> Chance {
    Chance { probability: it.share("probability"), correlation: it.share("correlation") }
}

/// One of the four ways to lose.
fn loss(it: &Attributes) -> Result<Loss, String> {
    const WAYS: &[&str] = &["probability", "first", "every", "p"];
    let ways: Vec<&str> = WAYS.iter().copied().filter(|way| it.is_set(way)).collect();
    match ways.as_slice() {
        ["first"] => Ok(Loss::First(it.positive("first")?)),
        ["every"] => Ok(Loss::Every(it.positive("every")?)),
        ["p"] => {
            let p = it.share("p");
            let r = if it.is_set("r") { it.share("r") } else { 1.0 - p };
            Ok(Loss::GilbertElliott { p, r, bad: it.share("bad"), good: it.share("good") })
        }
        [] | ["probability"] => Ok(Loss::Random(chance(it))),
        _ => Err("loss: probability, first, every and p exclude each other".to_owned()),
    }
}
