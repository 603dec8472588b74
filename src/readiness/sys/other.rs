//! A wait for events where a poll has no descriptor to wait on: what is shorter than a millisecond is asked for again
//! and again.

use mio::{Events, Poll};
use std::io;
use std::time::Duration;

/// Waits for events, and no longer than `limit`; it may come back a little earlier than that.
pub fn wait(poll: &mut Poll, events: &mut Events, limit: Duration) -> io::Result<()> {
    let whole = Duration::from_millis(limit.as_millis().try_into().unwrap_or(u64::MAX));
    match poll.poll(events, Some(whole)) {
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
        result => result,
    }
}
