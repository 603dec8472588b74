//! A wait for events that may be shorter than the milliseconds that mio knows: poll(2) on the descriptor of the
//! poll itself, as `ppoll` with nanoseconds.

use mio::{Events, Poll};
use rustix::event::{PollFd, PollFlags, Timespec};
use std::io;
use std::time::Duration;

/// What wakes a thread may come this much late by itself (prctl(2): `PR_SET_TIMERSLACK`): so much before the time the
/// wait is over, and the rest is asked for again and again.
const SLACK: Duration = Duration::from_micros(60);

/// Waits for events, and no longer than `limit`; it may come back a little earlier than that.
pub fn wait(poll: &mut Poll, events: &mut Events, limit: Duration) -> io::Result<()> {
    if let Some(limit) = limit.checked_sub(SLACK) {
        let limit = Timespec {
            tv_sec: limit.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: limit.subsec_nanos().into(),
        };
        let registry = poll.registry();
        match rustix::event::poll(&mut [PollFd::new(registry, PollFlags::IN)], Some(&limit)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    match poll.poll(events, Some(Duration::ZERO)) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
        result => result,
    }
}
