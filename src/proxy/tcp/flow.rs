//! One direction of a connection: from one socket, through the toxics, to the other.

use super::Turn;
use super::plain::Plain;
use super::side::{Got, Side};
use crate::impair::Direction;
use crate::proxy::stream::{End, Link, Piece, Pipe};
use bytes::Bytes;
use std::time::Duration;

/// Reads of one flow before the others have their turn.
const READS: usize = 16;

/// Bytes a flow may hold when all of them together hold more than they should.
const LEAST: usize = 16 * 1024;

/// Bytes on their way in one direction.
#[derive(Debug)]
pub(super) struct Flow {
    way: Direction,
    /// The toxics; without any, bytes go from socket to socket.
    pipe: Option<Box<Pipe>>,
    /// What moves them without toxics.
    plain: Plain,
    /// How the source has ended.
    ended: Option<End>,
    /// The end is delivered, or can never be.
    over: bool,
}

/// What follows from a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// An event or a deadline.
    Wait,
    /// Another turn.
    Again,
    /// Both sockets are closed.
    Close,
    /// Both sockets are reset.
    Reset,
}

impl Flow {
    pub(super) fn new(way: Direction) -> Self {
        Self { way, pipe: None, plain: Plain::default(), ended: None, over: false }
    }

    /// Moves what can be moved.
    pub(super) fn turn(&mut self, from: &mut Side, to: &mut Side, turn: &mut Turn) -> Step {
        for _ in 0..READS {
            if self.over {
                return Step::Wait;
            }
            if let Some(step) = self.deliver(to, turn) {
                return step;
            }
            if self.ended.is_some() || !from.may_read() || !self.has_room(turn) {
                return Step::Wait;
            }
            let got = match &mut self.pipe {
                None => self.plain.relay(from, to, self.way, turn),
                Some(pipe) => {
                    let got = from.read(turn.buffer);
                    if let Got::Data(length) = got {
                        turn.counters.moved(self.way).received(length);
                        pipe.push(Piece::Data(Bytes::copy_from_slice(&turn.buffer[..length])), turn.now);
                    }
                    Some(got)
                }
            };
            match got {
                None => return self.broke(),
                Some(Got::Nothing) if from.may_read() => return Step::Again,
                Some(Got::Nothing) => return Step::Wait,
                Some(Got::End(end)) => self.end(end, turn.now),
                Some(Got::Data(_)) => {}
            }
        }
        Step::Again
    }

    fn end(&mut self, end: End, now: Duration) {
        self.ended = Some(end);
        if let Some(pipe) = &mut self.pipe {
            pipe.push(Piece::End(end), now);
        }
    }

    /// Writes what is ready, and tells what follows if the flow comes to its end or breaks.
    fn deliver(&mut self, to: &mut Side, turn: &mut Turn) -> Option<Step> {
        let Some(pipe) = &mut self.pipe else {
            if self.plain.deliver(to, self.way, turn).is_none() {
                return Some(self.broke());
            }
            let end = self.ended.filter(|_| self.plain.is_empty());
            return end.map(|end| self.deliver_end(end, to));
        };
        loop {
            pipe.advance(turn.now, turn.acts);
            match pipe.front() {
                None => {
                    if pipe.is_plain() && self.ended.is_none() {
                        self.pipe = None;
                    }
                    return None;
                }
                Some(Piece::End(end)) => {
                    let end = *end;
                    return Some(self.deliver_end(end, to));
                }
                Some(Piece::Data(_)) if !to.may_write() => return None,
                Some(Piece::Data(bytes)) => {
                    let Some(written) = to.write(bytes) else { return Some(self.broke()) };
                    turn.counters.moved(self.way).sent(written);
                    pipe.delivered(written);
                }
            }
        }
    }

    fn deliver_end(&mut self, end: End, to: &mut Side) -> Step {
        match end {
            End::Finished => {
                self.over = true;
                self.pipe = None;
                to.finish();
                Step::Again
            }
            End::Closed => Step::Close,
            End::Reset => Step::Reset,
        }
    }

    /// The destination is gone: nothing can be delivered, and the flow that comes from it tells the source.
    fn broke(&mut self) -> Step {
        self.over = true;
        self.pipe = None;
        self.plain = Plain::default();
        Step::Again
    }

    fn has_room(&self, turn: &Turn) -> bool {
        match &self.pipe {
            None => self.plain.is_empty(),
            Some(pipe) => pipe.has_room() && (turn.has_memory || pipe.bytes() < LEAST),
        }
    }

    /// Puts the toxics in that there are now.
    pub(super) fn sync(
        &mut self,
        wanted: &[(u64, u64)],
        now: Duration,
        make: impl FnMut((u64, u64)) -> Option<Link>,
    ) {
        if self.over || (wanted.is_empty() && self.pipe.is_none()) {
            return;
        }
        let rest = std::mem::take(&mut self.plain).into_bytes();
        let ended = self.ended;
        let pipe = self.pipe.get_or_insert_with(|| {
            let mut pipe = Box::new(Pipe::default());
            if !rest.is_empty() {
                pipe.push(Piece::Data(rest), now);
            }
            if let Some(end) = ended {
                pipe.push(Piece::End(end), now);
            }
            pipe
        });
        pipe.sync(wanted, now, make);
        if pipe.is_plain() {
            self.pipe = None;
        }
    }

    /// When it has to be looked at again.
    pub(super) fn due(&self) -> Duration {
        self.pipe.as_ref().filter(|_| !self.over).map_or(Duration::MAX, |pipe| pipe.due())
    }

    /// Bytes that it holds.
    pub(super) fn bytes(&self) -> usize {
        self.plain.bytes() + self.pipe.as_ref().map_or(0, |pipe| pipe.bytes())
    }

    /// Whether its source has ended, and nothing more will come of it while the toxics stay as they are.
    pub(super) fn is_done(&self) -> bool {
        self.over || (self.ended.is_some() && self.pipe.as_ref().is_some_and(|pipe| pipe.is_stuck()))
    }

    /// Whether nothing is on its way.
    pub(super) fn is_empty(&self) -> bool {
        self.over || (self.bytes() == 0 && self.ended.is_none())
    }
}
