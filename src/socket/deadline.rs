//! Calls that end by a point in time. A time-out of a socket bounds one call, and a peer that sends a byte now
//! and then never lets it run out; so what is left is set anew before every call. The kernel may still be late
//! by one tick of its clock.

use super::{Choice, Socket};
use crate::failure::{Failure, Op, Why};
use crate::trace::Deadline;
use std::net::SocketAddr;
use std::time::Duration;

impl Socket {
    /// connect(2), given up at `by`.
    pub fn connect_by(&self, peer: SocketAddr, by: &Deadline) -> Result<(), Failure> {
        match by.left() {
            Some(left) => self.connect_within(peer, left),
            None => Err(self.reject_about(Op::Connect, Some(peer), Why::Deadline { limit: by.limit() })),
        }
    }

    /// The same connection, unless it leads back to this very socket: a client that asks a port of the ephemeral range
    /// again and again is given that port as its own one day, and then the handshake succeeds, with itself.
    pub fn to_another(self) -> Result<Self, Failure> {
        if self.local().is_some() && self.local() == self.peer() {
            return Err(self.reject(Op::Connect, Why::SelfConnected));
        }
        Ok(self)
    }

    /// Sends everything, call after call, given up at `by`.
    pub fn send_all_by(&mut self, mut bytes: &[u8], by: &Deadline) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let left = self.left(Op::Send, by)?;
            self.set(Choice::WriteLimit(left))?;
            match self.send(bytes) {
                Ok(sent) => bytes = &bytes[sent..],
                // A signal handler ran: with a time-out set the call is not resumed, signal(7).
                Err(failure) if failure.is("EINTR") => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// recv(2), given up at `by`.
    pub fn receive_by(&mut self, room: usize, by: &Deadline) -> Result<Vec<u8>, Failure> {
        loop {
            let left = self.left(Op::Receive, by)?;
            self.set(Choice::ReadLimit(left))?;
            match self.receive(room) {
                Err(failure) if failure.is("EINTR") => {}
                ended => return ended,
            }
        }
    }

    /// Waits for something to read, which stays there; given up at `by`.
    pub fn wait_by(&self, by: &Deadline) -> Result<(), Failure> {
        let left = self.left(Op::Receive, by)?;
        self.peek_within(left)
    }

    fn left(&self, op: Op, by: &Deadline) -> Result<Duration, Failure> {
        by.left().ok_or_else(|| self.reject(op, Why::Deadline { limit: by.limit() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Protocol;
    use crate::trace::Recorder;

    #[cfg(unix)] // Windows refuses such a connection.
    #[test]
    fn a_connection_to_itself_is_a_failure() {
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let socket = Socket::new(&Recorder::new().actor("client"), Protocol::Tcp, any_port).unwrap();
        socket.bind(any_port).unwrap();
        let itself = socket.local().unwrap();
        socket.connect(itself).unwrap();
        let failure = socket.to_another().unwrap_err();
        assert_eq!((failure.call.peer, failure.why), (Some(itself), Why::SelfConnected));
    }
}
