//! RST.

use super::{Behaviour, End, Line, Piece};
use crate::impair::Effect;
use std::time::Duration;

/// Waits for the first data or the end, then for some time, then resets. Until then everything is held.
#[derive(Debug)]
pub(super) struct ResetPeer {
    after: Duration,
    due: Option<Duration>,
}

impl ResetPeer {
    pub(super) fn new(after: Duration) -> Self {
        Self { after, due: None }
    }
}

impl Behaviour for ResetPeer {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        self.due.get_or_insert(at.saturating_add(self.after));
        line.pass(piece, at, Duration::MAX);
    }

    fn due(&self) -> Option<Duration> {
        self.due
    }

    fn wake(&mut self, now: Duration, line: &mut Line) {
        self.due = None;
        let lost = line.forget();
        line.did(Effect::Reset, lost);
        line.pass(Piece::End(End::Reset), now, now);
    }
}

/// Resets after so many bytes, or so much time.
#[derive(Debug)]
pub(super) struct ResetAfter {
    left: Option<u64>,
    due: Option<Duration>,
    over: bool,
}

impl ResetAfter {
    pub(super) fn new(bytes: Option<u64>, time: Option<Duration>, now: Duration) -> Self {
        Self { left: bytes, due: time.map(|time| now.saturating_add(time)), over: false }
    }

    fn reset(&mut self, lost: usize, at: Duration, line: &mut Line) {
        self.due = None;
        self.over = true;
        line.did(Effect::Reset, lost);
        line.pass(Piece::End(End::Reset), at, at);
    }
}

impl Behaviour for ResetAfter {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        if self.over {
            return;
        }
        let (Piece::Data(bytes), Some(left)) = (&piece, self.left) else {
            line.pass(piece, at, at);
            return;
        };
        let mut bytes = bytes.clone();
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let passes = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let lost = bytes.split_off(passes).len();
        self.left = Some(left.saturating_sub(length));
        if !bytes.is_empty() {
            line.pass(Piece::Data(bytes), at, at);
        }
        if length >= left {
            self.reset(lost, at, line);
        }
    }

    fn due(&self) -> Option<Duration> {
        self.due
    }

    fn wake(&mut self, now: Duration, line: &mut Line) {
        self.reset(0, now, line);
    }
}
