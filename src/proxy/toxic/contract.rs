//! The kinds of toxics that Toxiproxy 2.12 has, with its attributes, units and defaults.

use super::{Attribute, BOTH, Kind, Setting, Shape, TCP};
use crate::impair::{Chance, Delay, Distribution, Impairment, Loss, Rate, Slice};
use std::time::Duration;

const DISTRIBUTIONS: &[&str] =
    &[Distribution::Uniform.name(), Distribution::Normal.name(), Distribution::Pareto.name()];

pub(super) const KINDS: &[Kind] = &[
    Kind {
        name: "latency",
        does: "delays everything by latency ± jitter",
        on: BOTH,
        attributes: &[
            Attribute::whole("latency", "ms"),
            Attribute::whole("jitter", "ms"),
            Attribute {
                name: "distribution",
                shape: Shape::Word(DISTRIBUTIONS),
                default: Setting::Word(Distribution::Uniform.name()),
                means: "of the jitter: uniform, normal or pareto",
                is_contract: false,
            },
            Attribute::share("correlation", "0 to 1, how often a delay is the last one again").ours(),
        ],
        build: |it| {
            let word = it.word("distribution");
            let named = Distribution::ALL.iter().find(|distribution| distribution.name() == word);
            Ok(Impairment::Delay(Delay {
                base: it.millis("latency"),
                jitter: it.millis("jitter"),
                distribution: named.copied().unwrap_or_default(),
                correlation: it.share("correlation"),
            }))
        },
    },
    Kind {
        name: "bandwidth",
        does: "lets so many bytes a second pass",
        on: BOTH,
        attributes: &[
            Attribute::whole("rate", "KB/s, 1 KB = 1000 bytes; 0 lets nothing pass"),
            Attribute::whole("queue", "bytes of datagrams that may wait; more are dropped").ours(),
        ],
        build: |it| {
            let mut rate = Rate::of(it.whole("rate").saturating_mul(1000));
            if it.is_set("queue") {
                rate.queue = it.whole("queue");
            }
            Ok(Impairment::Rate(rate))
        },
    },
    Kind {
        name: "slow_close",
        does: "delays the end of the stream",
        on: TCP,
        attributes: &[Attribute::whole("delay", "ms")],
        build: |it| Ok(Impairment::SlowClose { delay: it.millis("delay") }),
    },
    Kind {
        name: "timeout",
        does: "drops everything, and closes when idle for so long",
        on: BOTH,
        attributes: &[Attribute::whole("timeout", "ms; 0 never closes")],
        build: |it| {
            let timeout = it.millis("timeout");
            Ok(Impairment::Silence { close_after: (!timeout.is_zero()).then_some(timeout) })
        },
    },
    Kind {
        name: "reset_peer",
        does: "resets (RST) so long after the first data or end",
        on: TCP,
        attributes: &[Attribute::whole("timeout", "ms")],
        build: |it| Ok(Impairment::ResetPeer { after: it.millis("timeout") }),
    },
    Kind {
        name: "slicer",
        does: "cuts data into small pieces",
        on: TCP,
        attributes: &[
            Attribute::whole("average_size", "bytes, at least 1"),
            Attribute::whole("size_variation", "bytes, should be less than average_size"),
            Attribute::whole("delay", "µs between two pieces"),
        ],
        build: |it| {
            let (average, variation) = (it.size("average_size")?, it.whole("size_variation"));
            let variation = usize::try_from(variation).unwrap_or(usize::MAX);
            let pause = Duration::from_micros(it.whole("delay"));
            Ok(Impairment::Slice(Slice { average, variation, pause }))
        },
    },
    Kind {
        name: "limit_data",
        does: "lets so many bytes pass, then closes",
        on: BOTH,
        attributes: &[Attribute::whole("bytes", "bytes; 0 closes at the first data")],
        build: |it| Ok(Impairment::Limit { bytes: it.whole("bytes") }),
    },
    Kind {
        name: "packet_loss",
        does: "drops some of the data",
        on: BOTH,
        attributes: &[
            Attribute::share("loss_rate", "0 to 1").or(Setting::Share(0.1)),
            Attribute::share("correlation", "0 to 1, how often a decision is the last one again"),
        ],
        build: |it| {
            let chance = Chance { probability: it.share("loss_rate"), correlation: it.share("correlation") };
            Ok(Impairment::Loss(Loss::Random(chance)))
        },
    },
];
