//! A rate, and the queue before it.

use std::time::Duration;

/// So many bytes a second, with a bounded queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// 0 lets nothing pass.
    pub bytes_per_second: u64,
    /// The bytes that may wait; a packet that finds no room is dropped. A stream waits at its sender instead.
    pub queue: u64,
}

impl Rate {
    /// The queue of a rate of which nothing else is said: 200 ms, and at least 64 KiB.
    pub fn of(bytes_per_second: u64) -> Self {
        Self { bytes_per_second, queue: (bytes_per_second / 5).max(64 * 1024) }
    }

    /// How long so many bytes take.
    pub fn takes(&self, bytes: u64) -> Duration {
        let nanos = u128::from(bytes) * 1_000_000_000;
        match nanos.checked_div(u128::from(self.bytes_per_second)) {
            Some(nanos) => u64::try_from(nanos).map_or(Duration::MAX, Duration::from_nanos),
            None => Duration::MAX,
        }
    }

    /// How many bytes pass in so much time.
    pub fn passes(&self, time: Duration) -> u64 {
        let bytes = u128::from(self.bytes_per_second) * time.as_nanos() / 1_000_000_000;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// Passes bytes at a [`Rate`]. Time that nobody used is not saved up.
#[derive(Clone, Debug)]
pub struct Pacer {
    rate: Rate,
    /// When all that was taken has passed.
    free: Duration,
}

impl Pacer {
    /// Nothing waits yet.
    pub fn new(rate: Rate, now: Duration) -> Self {
        Self { rate, free: now }
    }

    /// The rate.
    pub fn rate(&self) -> Rate {
        self.rate
    }

    /// When the last of these bytes, which arrived `at`, will have passed; [`Duration::MAX`] for never.
    pub fn take(&mut self, at: Duration, bytes: u64) -> Duration {
        self.free = self.free.max(at).saturating_add(self.rate.takes(bytes));
        self.free
    }

    /// As [`Self::take`]; `None` when there is no room in the queue. A queue that is empty takes any packet.
    pub fn admit(&mut self, at: Duration, bytes: u64, waiting: u64) -> Option<Duration> {
        (waiting == 0 || waiting + bytes <= self.rate.queue).then(|| self.take(at, bytes))
    }

    /// The bytes that wait at this time; of a rate of 0, as many as were told of.
    pub fn waiting(&self, at: Duration) -> u64 {
        self.rate.passes(self.free.saturating_sub(at))
    }
}
