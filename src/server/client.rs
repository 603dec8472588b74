//! A connection and its socket: moves bytes between the two, one read and one write a request.

use super::connection::{Connection, Expired, Step};
use crate::readiness::SHORT_READ_IS_LAST;
use mio::event::Event;
use mio::net::TcpStream;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;

/// Reads of one client before the others have their turn.
const READS: usize = 4;

/// A client that is connected.
#[derive(Debug)]
pub(super) struct Client {
    stream: TcpStream,
    pub(super) peer: SocketAddr,
    pub(super) connection: Connection,
    /// The other end is known to have stopped sending: a read will come to the end.
    ending: bool,
    /// Nothing more is read; the connection is over once its replies are sent.
    last: bool,
}

/// What a client needs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// An event, or its deadline.
    Wait,
    /// Another turn: there is more to do than one turn allows.
    Again,
    /// To be forgotten.
    Close,
}

impl Client {
    pub(super) fn new(stream: TcpStream, peer: SocketAddr, connection: Connection) -> Self {
        Self { stream, peer, connection, ending: false, last: false }
    }

    /// What the event told about the other end.
    pub(super) fn note(&mut self, event: &Event) {
        self.ending |= event.is_read_closed();
    }

    /// Answers what has arrived, as far as one turn allows. `input` is room to read into.
    pub(super) fn turn(&mut self, input: &mut [u8], step: &mut Step) -> io::Result<Next> {
        if !self.flush(step)? {
            return Ok(Next::Wait);
        }
        for _ in 0..READS {
            let mut more = true;
            if self.connection.has_backlog() {
                self.connection.resume(step);
            } else if self.last {
                return Ok(Next::Close);
            } else {
                match self.stream.read(input) {
                    Ok(0) => {
                        self.connection.end(step);
                        self.last = true;
                    }
                    Ok(length) => {
                        self.connection.receive(&input[..length], step);
                        more = length == input.len() || self.ending || !SHORT_READ_IS_LAST;
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Next::Wait),
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            if !self.send(step)? {
                return Ok(Next::Wait);
            }
            if !(more || self.connection.has_backlog()) {
                return Ok(Next::Wait);
            }
        }
        Ok(Next::Again)
    }

    /// The connection's deadline has passed.
    pub(super) fn expire(&mut self, step: &mut Step) -> io::Result<Next> {
        if let Expired::Over(reason) = self.connection.expire(step) {
            tracing::debug!(peer = %self.peer, reason, "given up");
            step.summary.refuse(reason);
            self.last = true;
            if step.out.is_empty() {
                return Ok(Next::Close);
            }
        }
        let all = self.send(step)?;
        Ok(if all && self.last { Next::Close } else { Next::Wait })
    }

    /// Sends what was kept, and tells whether all of it is gone.
    fn flush(&mut self, step: &mut Step) -> io::Result<bool> {
        if !self.connection.unsent().is_empty() {
            let written = write(&mut self.stream, self.connection.unsent())?;
            self.connection.took(written, step);
        }
        Ok(self.connection.unsent().is_empty())
    }

    /// Sends the replies of this step, keeps what the socket does not take, and tells whether all of it is gone.
    fn send(&mut self, step: &mut Step) -> io::Result<bool> {
        let written = write(&mut self.stream, step.out)?;
        let all = written == step.out.len();
        if !all {
            self.connection.keep(&step.out[written..], step);
        }
        step.out.clear();
        Ok(all)
    }
}

/// Writes until the socket takes no more, and tells how much it took.
fn write(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let mut written = 0;
    while written < bytes.len() {
        match stream.write(&bytes[written..]) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(length) => written += length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(written)
}
