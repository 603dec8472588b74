//! The server's clock. It is read once a turn of the engine and not once a request; the local time is formatted
//! once a second (formatting costs forty times as much as the rest of a transform).
#![expect(clippy::disallowed_methods, reason = "hot server code: a recorder would write an event a request")]

use crate::transform::Timestamp;
use chrono::{Local, Timelike as _};
use std::time::{Duration, Instant};

/// The time of the present turn.
#[derive(Debug)]
pub(super) struct Clock {
    start: Instant,
    now: Duration,
    stamp: Timestamp,
    /// When the second of `stamp` is over.
    stale: Duration,
}

impl Clock {
    pub(super) fn new() -> Self {
        let (stamp, stale) = stamp();
        Self { start: Instant::now(), now: Duration::ZERO, stamp, stale }
    }

    /// Reads the clock.
    pub(super) fn tick(&mut self) {
        self.now = self.start.elapsed();
        if self.now >= self.stale {
            let (stamp, left) = stamp();
            self.stamp = stamp;
            self.stale = self.now + left;
        }
    }

    /// Since the server started, as of the last tick.
    pub(super) fn now(&self) -> Duration {
        self.now
    }

    /// The local time as of the last tick.
    pub(super) fn stamp(&self) -> &Timestamp {
        &self.stamp
    }
}

/// The local time, for a server that is not in a hurry.
pub fn local_time() -> Timestamp {
    stamp().0
}

/// The local time, and how long it will be true to the second.
fn stamp() -> (Timestamp, Duration) {
    let local = Local::now();
    let left = 1_000_000_000_u32.saturating_sub(local.nanosecond());
    (Timestamp::new(&local.fixed_offset()), Duration::from_nanos(u64::from(left)))
}
