//! What becomes of a stream when a toxic is taken away, or when its time is over.

use super::tests::{MS, data, delay, pipe, take};
use super::{End, Link, Piece, Pipe};
use crate::impair::{Dice, Direction, Impairment, Rate, Rule, Slice, Window};
use std::num::NonZeroUsize;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(3600);

/// What comes out at once when a toxic that took this is removed.
fn left(impairment: Impairment, pieces: &[Piece]) -> (Vec<u8>, Option<End>) {
    let mut pipe = pipe(&[impairment]);
    for piece in pieces {
        pipe.push(piece.clone(), Duration::ZERO);
    }
    pipe.advance(MS, &mut Vec::new());
    pipe.sync(&[], MS * 2, |_| None);
    take(&mut pipe, MS * 2)
}

fn finished() -> Piece {
    Piece::End(End::Finished)
}

#[test]
fn what_latency_bandwidth_and_reset_peer_held_goes_on() {
    let holders = [
        delay(1000),
        Impairment::Rate(Rate::of(0)),
        Impairment::Rate(Rate::of(1)),
        Impairment::ResetPeer { after: LONG },
    ];
    for holder in holders {
        let name = format!("{holder:?}");
        let came = left(holder, &[data(b"held"), finished()]);
        assert_eq!(came, (b"held".to_vec(), Some(End::Finished)), "{name}");
    }
}

#[test]
fn a_slicer_sends_the_rest_whole() {
    let slice = Slice { average: NonZeroUsize::MIN, variation: 0, pause: LONG };
    let mut pipe = pipe(&[Impairment::Slice(slice)]);
    pipe.push(data(b"123456"), MS);
    assert_eq!(take(&mut pipe, MS), (b"1".to_vec(), None));
    pipe.sync(&[], MS * 2, |_| None);
    assert_eq!(take(&mut pipe, MS * 2), (b"23456".to_vec(), None));
    pipe.push(data(b"whole"), MS * 3);
    assert_eq!(pipe.front(), Some(&data(b"whole")));
}

#[test]
fn slow_close_closes_at_once_and_half_open_gives_the_end_back() {
    for holder in [Impairment::SlowClose { delay: LONG }, Impairment::HalfOpen] {
        assert_eq!(left(holder, &[data(b"data"), finished()]), (b"data".to_vec(), Some(End::Finished)));
    }
}

#[test]
fn timeout_closes_and_a_blackhole_does_not() {
    let silence = Impairment::Silence { close_after: None };
    assert_eq!(left(silence, &[data(b"lost")]), (vec![], Some(End::Closed)));
    assert_eq!(left(Impairment::Blackhole, &[data(b"lost")]), (vec![], None));
    assert_eq!(left(Impairment::Blackhole, &[data(b"lost"), finished()]), (vec![], Some(End::Finished)));
}

#[test]
fn limit_data_forgets_its_count() {
    let limit = Impairment::Limit { bytes: 4 };
    let mut pipe = pipe(std::slice::from_ref(&limit));
    pipe.push(data(b"123"), Duration::ZERO);
    pipe.sync(&[], MS, |_| None);
    let rule = Rule::always(limit, Direction::Upstream);
    pipe.sync(&[(2, 0)], MS * 2, |id| Link::new(id, &rule, MS * 2, MS * 2, Dice::new(1)));
    pipe.push(data(b"456"), MS * 2);
    assert_eq!(take(&mut pipe, MS * 2), (b"123456".to_vec(), None));
    pipe.push(data(b"78"), MS * 3);
    assert_eq!(take(&mut pipe, MS * 3), (b"7".to_vec(), Some(End::Closed)));
}

#[test]
fn a_toxic_whose_time_is_over_holds_nothing_back() {
    let window = Window { from: Duration::ZERO, until: Some(MS * 50) };
    let holders =
        [Impairment::Rate(Rate::of(0)), Impairment::ResetPeer { after: MS * 60 }, Impairment::HalfOpen];
    for holder in holders {
        let name = format!("{holder:?}");
        let rule = Rule { window, ..Rule::always(holder, Direction::Upstream) };
        let mut pipe = Pipe::default();
        pipe.sync(&[(1, 0)], Duration::ZERO, |id| {
            Link::new(id, &rule, Duration::ZERO, Duration::ZERO, Dice::new(1))
        });
        pipe.push(data(b"held"), MS);
        pipe.push(finished(), MS);
        assert_eq!(take(&mut pipe, MS * 49).1, None, "{name}");
        assert_eq!(pipe.due(), MS * 50, "{name}");
        assert_eq!(take(&mut pipe, MS * 50).1, Some(End::Finished), "{name}");
    }
}
