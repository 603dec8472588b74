//! The clock that servers and clients share, and waiting for the next event or the next moment, whichever comes
//! first.

use crate::trace::Recorder;
use mio::{Events, Poll};
use std::io::{self, ErrorKind};
use std::thread;
use std::time::Duration;

/// The kernel's wait for events counts whole milliseconds, which is as long as a request takes in a fast world.
/// The rest of a wait is slept in pieces of this length, with a look at the events between them.
const GRAIN: Duration = Duration::from_micros(200);

/// The time since the run began.
#[derive(Clone, Debug)]
pub(super) struct Clock(Recorder);

impl Clock {
    /// A clock that stands at zero now.
    pub(super) fn new() -> Self {
        Self(Recorder::forgetful())
    }

    pub(super) fn now(&self) -> Duration {
        self.0.elapsed()
    }

    /// Waits until there are events or `moment` has come.
    pub(super) fn wait(&self, poll: &mut Poll, events: &mut Events, moment: Duration) -> io::Result<()> {
        loop {
            let left = moment.saturating_sub(self.now());
            let whole = Duration::from_millis(u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
            match poll.poll(events, Some(whole)) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
            let left = moment.saturating_sub(self.now());
            if !events.is_empty() || left.is_zero() {
                return Ok(());
            }
            thread::sleep(left.min(GRAIN));
        }
    }
}
