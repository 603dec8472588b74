//! What goes over the wire: requests and replies of fixed length, so that neither side needs to look for an end.

use std::time::Duration;

/// A request for work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The number of the attempt.
    pub attempt: u64,
    /// When nobody waits for the reply any more, on the clients' clock.
    pub deadline: Option<Duration>,
    /// The idempotency key.
    pub key: Option<u64>,
}

/// What a server says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// The number of the attempt.
    pub attempt: u64,
    /// Whether the work was done, or refused.
    pub done: bool,
}

/// Stands for "none": no clock and no counter of a run comes so far.
const NONE: u64 = u64::MAX;

impl Request {
    pub(super) const LENGTH: usize = 24;

    pub(super) fn bytes(self) -> [u8; Self::LENGTH] {
        let deadline = self.deadline.map_or(NONE, |at| u64::try_from(at.as_nanos()).unwrap_or(NONE));
        let mut bytes = [0; Self::LENGTH];
        for (place, number) in bytes.chunks_mut(8).zip([self.attempt, deadline, self.key.unwrap_or(NONE)]) {
            place.copy_from_slice(&number.to_be_bytes());
        }
        bytes
    }

    /// Takes the next request off the front of what was read.
    pub(super) fn take(read: &mut Vec<u8>) -> Option<Self> {
        let frame = read.get(..Self::LENGTH)?;
        let mut numbers = frame.chunks(8).map(number);
        let (attempt, deadline, key) = (numbers.next()?, numbers.next()?, numbers.next()?);
        read.drain(..Self::LENGTH);
        let some = |number: u64| (number != NONE).then_some(number);
        Some(Self { attempt, deadline: some(deadline).map(Duration::from_nanos), key: some(key) })
    }
}

impl Reply {
    pub(super) const LENGTH: usize = 9;

    pub(super) fn bytes(self) -> [u8; Self::LENGTH] {
        let mut bytes = [u8::from(self.done); Self::LENGTH];
        bytes[..8].copy_from_slice(&self.attempt.to_be_bytes());
        bytes
    }

    /// Takes the next reply off the front of what was read.
    pub(super) fn take(read: &mut Vec<u8>) -> Option<Self> {
        let frame = read.get(..Self::LENGTH)?;
        let reply = Self { attempt: number(&frame[..8]), done: frame[8] != 0 };
        read.drain(..Self::LENGTH);
        Some(reply)
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
