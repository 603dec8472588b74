//! Nothing arrives.

use super::{Behaviour, End, Line, Piece};
use crate::impair::Effect;
use std::time::Duration;

/// Drops data, and closes the connection when none has come for some time.
#[derive(Debug)]
pub(super) struct Silence {
    close_after: Option<Duration>,
    due: Option<Duration>,
}

impl Silence {
    pub(super) fn new(close_after: Option<Duration>, now: Duration) -> Self {
        Self { close_after, due: close_after.map(|limit| now.saturating_add(limit)) }
    }
}

impl Behaviour for Silence {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        swallow(piece, at, line);
        self.due = self.close_after.map(|limit| at.saturating_add(limit));
    }

    fn due(&self) -> Option<Duration> {
        self.due
    }

    fn wake(&mut self, now: Duration, line: &mut Line) {
        self.due = None;
        line.forget();
        line.did(Effect::Closed, 0);
        line.pass(Piece::End(End::Closed), now, now);
    }

    fn closes_when_removed(&self) -> bool {
        true
    }
}

/// Drops data for as long as it is there.
#[derive(Debug)]
pub(super) struct Blackhole;

impl Behaviour for Blackhole {
    fn take(&mut self, piece: Piece, at: Duration, line: &mut Line) {
        swallow(piece, at, line);
    }
}

/// The end is held, so that it is not forgotten when the toxic goes.
fn swallow(piece: Piece, at: Duration, line: &mut Line) {
    match piece {
        Piece::Data(bytes) => line.did(Effect::Dropped, bytes.len()),
        Piece::End(_) => {
            line.did(Effect::Held, 0);
            line.pass(piece, at, Duration::MAX);
        }
    }
}
