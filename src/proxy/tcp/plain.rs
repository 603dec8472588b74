//! A flow without toxics: bytes go from socket to socket. What comes in small pieces goes through the buffer that all
//! flows share; what comes in bulk goes through a [`Tube`]. Either is kept only while bytes are in flight.

use super::Turn;
use super::side::{Got, Side};
use super::tube::Tube;
use crate::impair::Direction;
use bytes::Bytes;

/// A flow that moves at least so much at once moves bulk.
const BULK: usize = 64 * 1024;

/// Bytes on their way.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// What the other socket did not take.
    rest: Bytes,
    /// The same, of bulk.
    tube: Option<Tube>,
    moves_bulk: bool,
}

impl Plain {
    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes() == 0
    }

    /// The bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        self.rest.len() + self.tube.as_ref().map_or(0, Tube::bytes)
    }

    /// Writes what waits, as far as the socket takes it; `None` when that is gone.
    pub(super) fn deliver(&mut self, to: &mut Side, way: Direction, turn: &mut Turn) -> Option<()> {
        if !to.may_write() {
            return Some(());
        }
        if !self.rest.is_empty() {
            let written = to.write(&self.rest)?;
            turn.counters.moved(way).sent(written);
            self.rest = self.rest.split_off(written);
        }
        if let Some(tube) = self.tube.take() {
            self.pour(tube, to, way, turn)?;
        }
        Some(())
    }

    /// Reads what has come and writes it; `None` when the other socket is gone. Nothing waits before.
    pub(super) fn relay(
        &mut self,
        from: &mut Side,
        to: &mut Side,
        way: Direction,
        turn: &mut Turn,
    ) -> Option<Got> {
        if self.moves_bulk
            && let Some(mut tube) = turn.tubes.get()
        {
            let got = from.fill(&mut tube);
            if let Got::Data(length) = got {
                self.moves_bulk = length >= BULK;
                turn.counters.moved(way).received(length);
                self.pour(tube, to, way, turn)?;
            } else {
                turn.tubes.put(tube);
            }
            return Some(got);
        }
        let got = from.read(turn.buffer);
        if let Got::Data(length) = got {
            self.moves_bulk = length >= BULK;
            turn.counters.moved(way).received(length);
            let written = to.write(&turn.buffer[..length])?;
            turn.counters.moved(way).sent(written);
            if written < length {
                self.rest = Bytes::copy_from_slice(&turn.buffer[written..length]);
            }
        }
        Some(got)
    }

    fn pour(&mut self, mut tube: Tube, to: &mut Side, way: Direction, turn: &mut Turn) -> Option<()> {
        turn.counters.moved(way).sent(to.drain(&mut tube)?);
        if tube.bytes() == 0 {
            turn.tubes.put(tube);
        } else {
            self.tube = Some(tube);
        }
        Some(())
    }

    /// The bytes that wait, for toxics that come to be.
    pub(super) fn into_bytes(self) -> Bytes {
        match self.tube.map(Tube::empty) {
            Some(Ok(bytes)) => bytes.into(),
            Some(Err(error)) => {
                tracing::warn!(%error, "bytes are lost in a pipe");
                Bytes::new()
            }
            None => self.rest,
        }
    }
}
