//! A connection that a client holds for as long as it is let, and how that ended.

use super::Target;
use super::exchange::word;
use crate::failure::{Failure, Protocol};
use crate::socket::Socket;
use crate::trace::{Actor, Deadline, Recorder};
use std::fmt;
use std::time::Duration;

/// How much of what the server says is read at once.
const CHUNK: usize = 4096;

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub how: How,
    /// How long after the connection was made.
    pub after: Duration,
    /// How many bytes were sent.
    pub sent: usize,
}

/// What ended a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// The client left: its time was over.
    Left,
    /// The other end closed in order.
    Closed,
    /// A call failed.
    Failed(Failure),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.how {
            How::Left => write!(f, "left")?,
            How::Closed => write!(f, "closed by the other end")?,
            How::Failed(failure) => write!(f, "failed {}", word(failure))?,
        }
        let s = if self.sent == 1 { "" } else { "s" };
        write!(f, " after {:.1} s, {} byte{s} sent", self.after.as_secs_f64(), self.sent)
    }
}

/// A connection that is held.
pub(super) struct Held {
    socket: Socket,
    protocol: Protocol,
    recorder: Recorder,
    began: Duration,
    sent: usize,
}

impl Held {
    /// Connects within `patience`.
    pub(super) fn open(actor: &Actor, target: Target, patience: Duration) -> Result<Self, Failure> {
        let recorder = actor.recorder().clone();
        let socket = target.connect(actor, &recorder.deadline(patience))?;
        let began = recorder.elapsed();
        Ok(Self { socket, protocol: target.protocol, recorder, began, sent: 0 })
    }

    /// Sends `bytes`.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        match self.socket.send_all(bytes) {
            Ok(()) => {
                self.sent += bytes.len();
                Ok(())
            }
            Err(failure) => Err(self.ended(How::Failed(failure))),
        }
    }

    /// Waits until `by`, or for ever, and reads whatever the other end says meanwhile.
    pub(super) fn wait(&self, by: Option<&Deadline>) -> Result<(), Ended> {
        while let Some(left) = by.map_or(Some(Duration::MAX), Deadline::left) {
            let comes = self.socket.comes_within(left);
            let read =
                comes.and_then(|comes| if comes { self.socket.receive(CHUNK).map(Some) } else { Ok(None) });
            match read {
                // An empty datagram ends nothing.
                Ok(Some(bytes)) if bytes.is_empty() && self.protocol == Protocol::Tcp => {
                    return Err(self.ended(How::Closed));
                }
                Ok(_) => {}
                Err(failure) => return Err(self.ended(How::Failed(failure))),
            }
        }
        Ok(())
    }

    /// Closes the connection.
    pub(super) fn leave(self) -> Ended {
        let ended = self.ended(How::Left);
        self.socket.close();
        ended
    }

    fn ended(&self, how: How) -> Ended {
        Ended { how, after: self.recorder.elapsed().saturating_sub(self.began), sent: self.sent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_it_ended_reads_as_one_line() {
        let after = Duration::from_millis(1250);
        let line = |how, sent| Ended { how, after, sent }.to_string();
        assert_eq!(line(How::Closed, 1), "closed by the other end after 1.2 s, 1 byte sent");
        assert_eq!(line(How::Left, 0), "left after 1.2 s, 0 bytes sent");
    }
}
