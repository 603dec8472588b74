//! The decisions of every impairment for one seed, written down: a change of them is a change of every scenario that
//! relies on its seed. They are compared on every platform that the tests run on.

use netfault::impair::{
    Chance, Delay, Dice, Direction, Distribution, Impairment, Loss, Packet, PacketRule, Rate, Reorder, Rule,
    Slice,
};
use std::fmt::Write as _;
use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

const MS: Duration = Duration::from_millis(1);

fn jitter(distribution: Distribution, correlation: f64) -> Impairment {
    Impairment::Delay(Delay { base: MS * 100, jitter: MS * 20, distribution, correlation })
}

#[test]
fn a_seed_gives_the_decisions_that_are_written_down() {
    let n = |count| NonZeroU64::new(count).unwrap();
    let bursts = Chance { probability: 0.3, correlation: 0.7 };
    let impairments = [
        ("delay, uniform", jitter(Distribution::Uniform, 0.0)),
        ("delay, normal", jitter(Distribution::Normal, 0.0)),
        ("delay, pareto", jitter(Distribution::Pareto, 0.0)),
        ("delay, correlated", jitter(Distribution::Uniform, 0.5)),
        ("rate", Impairment::Rate(Rate { bytes_per_second: 10_000, queue: 1000 })),
        ("loss", Impairment::Loss(Loss::Random(Chance::of(0.3)))),
        ("loss in bursts", Impairment::Loss(Loss::Random(bursts))),
        (
            "loss, Gilbert-Elliott",
            Impairment::Loss(Loss::GilbertElliott { p: 0.2, r: 0.4, bad: 0.9, good: 0.05 }),
        ),
        ("loss of the first", Impairment::Loss(Loss::First(n(3)))),
        ("loss of each third", Impairment::Loss(Loss::Every(n(3)))),
        ("duplicate", Impairment::Duplicate(Chance::of(0.3))),
        (
            "reorder",
            Impairment::Reorder(Reorder { chance: Chance::of(0.2), every: Some(n(5)), delay: MS * 10 }),
        ),
        ("corrupt", Impairment::Corrupt(Chance::of(0.5))),
        ("limit", Impairment::Limit { bytes: 1000 }),
        ("silence", Impairment::Silence { close_after: None }),
        ("blackhole", Impairment::Blackhole),
    ];
    let mut written = String::new();
    for (name, impairment) in impairments {
        writeln!(written, "# {name}").unwrap();
        let rule = Rule::always(impairment, Direction::Upstream);
        let mut decider = PacketRule::new(rule, Duration::ZERO, Dice::of(42, &[name]));
        for number in 0..20_u32 {
            // 100 bytes each 5 ms.
            let (at, mut out) = (MS * 5 * number, Vec::new());
            let effect = decider.decide(Packet::new(at, 100), &mut out);
            let goes: Vec<String> = out.iter().map(|packet| packet.at.as_nanos().to_string()).collect();
            let effect = effect.map_or(String::new(), |effect| format!(" {effect:?}"));
            writeln!(
                written,
                "{number} → {}{effect}",
                if goes.is_empty() { "-".into() } else { goes.join(" and ") }
            )
            .unwrap();
        }
    }
    let slice = Slice { average: NonZeroUsize::new(100).unwrap(), variation: 50, pause: Duration::ZERO };
    writeln!(written, "# slice\n{:?}", slice.cut(2000, &mut Dice::of(42, &["slice"]))).unwrap();
    writeln!(written, "# share of connections, one half").unwrap();
    let draws: Vec<bool> =
        (0..20_u32).map(|number| Dice::of(42, &["share", &number.to_string()]).chance(0.5)).collect();
    writeln!(written, "{draws:?}").unwrap();
    insta::assert_snapshot!(written);
}
