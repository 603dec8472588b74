//! Toxics on a stream, in a time that the test makes.

use super::{End, Link, Piece, Pipe};
use crate::impair::{Delay, Dice, Direction, Effect, Impairment, Rate, Rule, Slice};
use bytes::Bytes;
use proptest::prelude::*;
use std::num::NonZeroUsize;
use std::time::Duration;

pub(super) const MS: Duration = Duration::from_millis(1);

fn link(id: u64, impairment: Impairment) -> Link {
    let rule = Rule::always(impairment, Direction::Upstream);
    Link::new((id, 0), &rule, Duration::ZERO, Duration::ZERO, Dice::new(id)).unwrap()
}

pub(super) fn pipe(impairments: &[Impairment]) -> Pipe {
    let mut pipe = Pipe::default();
    let ids: Vec<(u64, u64)> = (1..).take(impairments.len()).map(|id| (id, 0)).collect();
    pipe.sync(&ids, Duration::ZERO, |id| {
        Some(link(id.0, impairments[usize::try_from(id.0).unwrap() - 1].clone()))
    });
    pipe
}

pub(super) fn delay(millis: u32) -> Impairment {
    Impairment::Delay(Delay::constant(MS * millis))
}

pub(super) fn data(bytes: &'static [u8]) -> Piece {
    Piece::Data(Bytes::from_static(bytes))
}

/// What comes out by `now`, and the end.
pub(super) fn take(pipe: &mut Pipe, now: Duration) -> (Vec<u8>, Option<End>) {
    let mut out = Vec::new();
    loop {
        pipe.advance(now, &mut Vec::new());
        match pipe.front().cloned() {
            None => return (out, None),
            Some(Piece::End(end)) => return (out, Some(end)),
            Some(Piece::Data(bytes)) => {
                out.extend(&bytes);
                pipe.delivered(bytes.len());
            }
        }
    }
}

#[test]
fn latency_is_measured_from_arrival_so_that_a_stream_keeps_its_bandwidth() {
    let mut pipe = pipe(&[delay(100)]);
    for at in 0..100 {
        pipe.push(data(b"x"), MS * at);
    }
    assert_eq!(take(&mut pipe, MS * 99), (vec![], None));
    // All of it is on its way at once: a hundred pieces take 199 ms and not ten seconds.
    for at in 0..100 {
        assert_eq!(take(&mut pipe, MS * (100 + at)), (b"x".to_vec(), None));
    }
    assert_eq!(pipe.due(), Duration::MAX);
}

#[test]
fn the_end_comes_after_what_was_sent_before_it() {
    let mut pipe = pipe(&[delay(10), delay(20)]);
    pipe.push(data(b"last"), Duration::ZERO);
    pipe.push(Piece::End(End::Reset), Duration::ZERO);
    assert_eq!(take(&mut pipe, MS * 29), (vec![], None));
    assert_eq!(take(&mut pipe, MS * 30), (b"last".to_vec(), Some(End::Reset)));
}

#[test]
fn a_changed_latency_counts_from_when_the_bytes_came() {
    let mut pipe = pipe(&[delay(1000)]);
    pipe.push(data(b"early"), Duration::ZERO);
    let rule = Rule::always(delay(100), Direction::Upstream);
    pipe.sync(&[(1, 1)], MS * 50, |id| Link::new(id, &rule, Duration::ZERO, MS * 50, Dice::new(1)));
    assert_eq!(take(&mut pipe, MS * 99), (vec![], None));
    assert_eq!(take(&mut pipe, MS * 100), (b"early".to_vec(), None));
}

#[test]
fn what_a_removed_toxic_held_goes_on_to_the_next() {
    let mut pipe = pipe(&[delay(1000), delay(10)]);
    pipe.push(data(b"held"), Duration::ZERO);
    pipe.sync(&[(2, 0)], MS * 5, |_| None);
    assert_eq!(take(&mut pipe, MS * 14), (vec![], None));
    assert_eq!(take(&mut pipe, MS * 15), (b"held".to_vec(), None));
}

#[test]
fn a_rate_holds_back_the_sender_and_keeps_the_time() {
    let mut pipe = pipe(&[Impairment::Rate(Rate::of(1_000_000))]);
    let piece = Bytes::from(vec![0; 10_000]);
    let (mut now, mut sent, mut received) = (Duration::ZERO, 0, 0);
    while now < Duration::from_secs(1) {
        while pipe.has_room() {
            pipe.push(Piece::Data(piece.clone()), now);
            sent += piece.len();
        }
        received += take(&mut pipe, now).0.len();
        now += MS;
    }
    assert!(sent - received <= 64 * 1024, "{sent} sent, {received} received");
    assert!((980_000..=1_000_000).contains(&received), "{received}");
}

#[test]
fn every_decision_is_told() {
    let slice = Slice { average: NonZeroUsize::new(2).unwrap(), variation: 0, pause: Duration::ZERO };
    let mut pipe = pipe(&[Impairment::Slice(slice), Impairment::Limit { bytes: 3 }]);
    pipe.push(data(b"12345678"), Duration::ZERO);
    let mut acts = Vec::new();
    pipe.advance(Duration::ZERO, &mut acts);
    let told: Vec<_> = acts.iter().map(|act| (act.toxic, act.effect, act.bytes)).collect();
    assert_eq!(told, [(1, Effect::Sliced(4), 8), (2, Effect::Closed, 1)]);
    assert_eq!(take(&mut pipe, Duration::ZERO), (b"123".to_vec(), Some(End::Closed)));
}

#[test]
fn a_silence_that_began_later_closes_later() {
    let rule =
        |after| Rule::always(Impairment::Silence { close_after: Some(MS * after) }, Direction::Upstream);
    let mut pipe = Pipe::default();
    pipe.sync(&[(1, 0)], MS * 100, |id| Link::new(id, &rule(50), MS * 100, MS * 100, Dice::new(1)));
    assert_eq!(pipe.due(), MS * 150);
    pipe.push(data(b"traffic"), MS * 140);
    assert_eq!(take(&mut pipe, MS * 189), (vec![], None));
    assert_eq!(take(&mut pipe, MS * 190), (vec![], Some(End::Closed)));
}

/// Toxics that lose nothing.
fn harmless() -> impl Strategy<Value = Impairment> {
    prop_oneof![
        (0..30_u32).prop_map(delay),
        (0..30_u32, 1..30_u32).prop_map(|(base, jitter)| Impairment::Delay(Delay {
            jitter: MS * jitter,
            ..Delay::constant(MS * base)
        })),
        (1..200_u64).prop_map(|rate| Impairment::Rate(Rate::of(rate * 1000))),
        (1..50_usize, 0..5_u32).prop_map(|(size, pause)| Impairment::Slice(Slice {
            average: NonZeroUsize::new(size).unwrap(),
            variation: size - 1,
            pause: MS * pause,
        })),
        (0..20_u32).prop_map(|millis| Impairment::SlowClose { delay: MS * millis }),
        Just(Impairment::ResetPeer { after: Duration::from_secs(3600) }),
        Just(Impairment::HalfOpen),
    ]
}

proptest! {
    /// Whatever toxics come, change and go, all bytes come out in order once nothing holds them.
    #[test]
    fn nothing_is_lost_or_reordered(
        steps in proptest::collection::vec((1..200_usize, 0..20_u32, proptest::collection::vec(0..6_usize, 0..4)), 1..40),
        kinds in proptest::collection::vec(harmless(), 6),
    ) {
        let mut pipe = Pipe::default();
        let (mut now, mut sent, mut received) = (Duration::ZERO, Vec::<u8>::new(), Vec::<u8>::new());
        for (version, (length, wait, mut toxics)) in (0_u64..).zip(steps) {
            toxics.sort_unstable();
            toxics.dedup();
            // Every other time the same toxics are changed ones.
            let ids: Vec<(u64, u64)> = toxics.iter().map(|toxic| (*toxic as u64, version / 2)).collect();
            pipe.sync(&ids, now, |id| {
                let rule = Rule::always(kinds[usize::try_from(id.0).unwrap()].clone(), Direction::Upstream);
                Link::new(id, &rule, now, now, Dice::new(id.0))
            });
            let bytes: Vec<u8> = (0..length).map(|at| u8::try_from((sent.len() + at) % 251).unwrap()).collect();
            sent.extend(&bytes);
            pipe.push(Piece::Data(bytes.into()), now);
            now += MS * wait;
            received.extend(take(&mut pipe, now).0);
        }
        pipe.push(Piece::End(End::Finished), now);
        pipe.sync(&[], now, |_| None);
        let (rest, end) = take(&mut pipe, now);
        received.extend(rest);
        prop_assert_eq!(end, Some(End::Finished));
        prop_assert!(received == sent, "{} sent, {} received", sent.len(), received.len());
        prop_assert_eq!(pipe.bytes(), 0);
    }
}
