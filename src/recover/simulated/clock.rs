//! What happens next: events by their time, and those of one time in the order in which they were announced.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// Something that happens at a time. Requests, sends and backends are told by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    /// A request arrives at its client.
    Arrives,
    /// A request is sent again.
    Again { request: u32 },
    /// A try has lasted as long as it may.
    Late { request: u32, attempt: u32 },
    /// A try is slow enough to be hedged.
    Slow { request: u32, attempt: u32 },
    /// What was sent reaches its server.
    Reaches { send: u32 },
    /// A worker is done, unless its server stopped since.
    Done { send: u32, life: u32 },
    /// The server's answer, a reply or a refusal, reaches the client.
    Answered { send: u32, well: bool },
    /// A trouble begins.
    Begins { trouble: u32 },
    /// A trouble ends.
    Ends { trouble: u32 },
    /// A stopped server has drained for as long as it may.
    Drained { backend: u32, life: u32 },
    /// A stopped server is back.
    Back { backend: u32 },
}

/// Virtual time.
#[derive(Debug, Default)]
pub(super) struct Clock {
    now: u64,
    announced: u64,
    heap: BinaryHeap<Reverse<(u64, u64, Event)>>,
}

impl Clock {
    /// The time.
    pub(super) fn now(&self) -> Duration {
        Duration::from_nanos(self.now)
    }

    /// Announces an event, which happens at `when` or, when that is past, now.
    pub(super) fn at(&mut self, when: Duration, event: Event) {
        let when = u64::try_from(when.as_nanos()).unwrap_or(u64::MAX).max(self.now);
        self.announced += 1;
        self.heap.push(Reverse((when, self.announced, event)));
    }

    /// Announces an event that happens after this long.
    pub(super) fn after(&mut self, wait: Duration, event: Event) {
        self.at(self.now().saturating_add(wait), event);
    }

    /// Goes on to the next event.
    pub(super) fn next(&mut self) -> Option<Event> {
        let Reverse((when, _, event)) = self.heap.pop()?;
        self.now = when;
        Some(event)
    }
}
