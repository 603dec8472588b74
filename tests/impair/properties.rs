//! What holds of every impairment, whatever its numbers are.

use netfault::impair::{
    Chance, Delay, Dice, Direction, Distribution, Effect, Impairment, Loss, Pacer, Packet, PacketRule, Rate,
    Rule, Slice, Window,
};
use proptest::prelude::*;
use std::num::{NonZeroU64, NonZeroUsize};
use std::time::Duration;

fn impairment() -> impl Strategy<Value = Impairment> {
    let chance =
        || (0.0..=1.0, 0.0..=1.0).prop_map(|(probability, correlation)| Chance { probability, correlation });
    let millis = || (0..10_000_u64).prop_map(Duration::from_millis);
    let distribution = prop::sample::select(Distribution::ALL);
    prop_oneof![
        (millis(), millis(), distribution, 0.0..=1.0).prop_map(
            |(base, jitter, distribution, correlation)| {
                Impairment::Delay(Delay { base, jitter, distribution, correlation })
            }
        ),
        (0..1_000_000_u64, 0..100_000_u64)
            .prop_map(|(bytes_per_second, queue)| Impairment::Rate(Rate { bytes_per_second, queue })),
        chance().prop_map(|chance| Impairment::Loss(Loss::Random(chance))),
        (1..50_u64).prop_map(|count| Impairment::Loss(Loss::First(NonZeroU64::new(count).unwrap()))),
        chance().prop_map(Impairment::Duplicate),
        chance().prop_map(Impairment::Corrupt),
        (0..100_000_u64).prop_map(|bytes| Impairment::Limit { bytes }),
        Just(Impairment::Blackhole),
    ]
}

fn run(rule: &Rule, seed: u64, lengths: &[usize]) -> Vec<(Vec<Packet>, Option<Effect>)> {
    let mut decider = PacketRule::new(rule.clone(), Duration::ZERO, Dice::new(seed));
    let decide = |(number, length): (usize, &usize)| {
        let mut out = Vec::new();
        let at = Duration::from_micros(number as u64 * 700);
        let effect = decider.decide(Packet::new(at, *length), &mut out);
        (out, effect)
    };
    lengths.iter().enumerate().map(decide).collect()
}

proptest! {
    #[test]
    fn a_seed_gives_the_same_again(kind in impairment(), seed: u64, lengths in prop::collection::vec(0..2000_usize, 1..60)) {
        let rule = Rule::always(kind, Direction::Both);
        prop_assert_eq!(run(&rule, seed, &lengths), run(&rule, seed, &lengths));
    }

    #[test]
    fn a_packet_never_goes_before_it_came_and_what_was_done_is_told(
        kind in impairment(), seed: u64, lengths in prop::collection::vec(0..2000_usize, 1..60)
    ) {
        let rule = Rule::always(kind, Direction::Both);
        for (number, (out, effect)) in run(&rule, seed, &lengths).into_iter().enumerate() {
            let at = Duration::from_micros(number as u64 * 700);
            prop_assert!(out.len() <= 2);
            for packet in &out {
                prop_assert!(packet.at >= at && packet.length == lengths[number]);
                prop_assert!(packet.flipped.is_none_or(|bit| bit < packet.length * 8));
            }
            let changed = out != [Packet::new(at, lengths[number])];
            prop_assert!(!changed || effect.is_some(), "{:?} was not told", out);
        }
    }

    #[test]
    fn outside_its_time_or_share_a_rule_does_nothing(kind in impairment(), seed: u64, length in 0..2000_usize) {
        let later = Window { from: Duration::from_secs(1), until: None };
        let rules = [
            Rule { window: later, ..Rule::always(kind.clone(), Direction::Both) },
            Rule { probability: 0.0, ..Rule::always(kind, Direction::Both) },
        ];
        for rule in rules {
            let out = run(&rule, seed, &[length]);
            prop_assert_eq!(out, vec![(vec![Packet::new(Duration::ZERO, length)], None)]);
        }
    }

    #[test]
    fn a_rate_is_never_exceeded(rate in 1..1_000_000_u64, lengths in prop::collection::vec(1..2000_u64, 1..100)) {
        let rate = Rate { bytes_per_second: rate, queue: u64::MAX };
        let mut pacer = Pacer::new(rate, Duration::ZERO);
        let mut passed = 0;
        for length in lengths {
            let at = pacer.take(Duration::ZERO, length);
            passed += length;
            // Each of them is rounded down to the nanosecond.
            prop_assert!(rate.takes(passed) <= at + Duration::from_nanos(100));
        }
    }

    #[test]
    fn slices_add_up_and_are_not_too_long(
        length in 0..100_000_usize, average in 1..5000_usize, variation in 0..5000_usize, seed: u64
    ) {
        let slice = Slice { average: NonZeroUsize::new(average).unwrap(), variation, pause: Duration::ZERO };
        let pieces = slice.cut(length, &mut Dice::new(seed));
        prop_assert_eq!(pieces.iter().sum::<usize>(), length);
        prop_assert!(pieces.iter().all(|piece| (1..=(average + variation)).contains(piece)));
    }

    #[test]
    fn labels_give_numbers_of_their_own(seed: u64, one in "[a-z]{0,5}", other in "[a-z]{0,5}") {
        let draw = |labels: &[&str]| Dice::of(seed, labels).unit().to_bits();
        prop_assert_eq!(draw(&[&one, &other]), draw(&[&one, &other]));
        prop_assume!(one != other);
        prop_assert_ne!(draw(&[&one, &other]), draw(&[&other, &one]));
    }
}
