//! A connected socket as `std::io` has streams, for libraries that speak over one (TLS): with a deadline, and with the
//! failure of the call itself kept beside the `io::Error` that such a library passes on.

use super::{Choice, SHORTEST, Socket};
use crate::failure::{Failure, Op, Why};
use crate::trace::{Deadline, Pending};
use std::io::{self, Read, Write};

/// A connected socket.
#[derive(Debug)]
pub struct Stream {
    socket: Socket,
    by: Deadline,
    failure: Option<Failure>,
    bulk: Option<Bulk>,
}

/// Many calls of recv(2) that are written down as one.
#[derive(Debug)]
struct Bulk {
    pending: Pending,
    bytes: usize,
}

impl Stream {
    /// `socket`, whose calls end at `by`.
    pub fn new(socket: Socket, by: Deadline) -> Self {
        Self { socket, by, failure: None, bulk: None }
    }

    /// The socket.
    pub fn socket(&self) -> &Socket {
        &self.socket
    }

    /// close(2).
    pub fn close(self) {
        self.socket.close();
    }

    /// Has calls end at `by` from now on.
    pub fn until(&mut self, by: Deadline) {
        self.by = by;
    }

    /// The failure behind the last `io::Error`, once.
    pub fn failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// From now on everything that is received counts as one call: a body of a gigabyte has ten thousands of them.
    pub fn receive_in_bulk(&mut self) {
        if self.bulk.is_none() {
            let pending = self.socket.start(Op::Receive, self.socket.local(), self.socket.peer());
            self.bulk = Some(Bulk { pending, bytes: 0 });
        }
    }

    /// That one call is over.
    pub fn end_bulk(&mut self) {
        if let Some(Bulk { pending, bytes }) = self.bulk.take() {
            pending.finish(Some(bytes));
        }
    }

    fn fails(&mut self, failure: Failure) -> io::Error {
        let kind = if failure.is_timeout() { io::ErrorKind::TimedOut } else { io::ErrorKind::Other };
        let error = io::Error::new(kind, failure.to_string());
        self.failure = Some(failure);
        error
    }

    /// One recv(2) of many.
    fn receive_more(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let limit = self.by.limit();
        loop {
            let received = match self.by.left() {
                Some(left) => {
                    let inner = self.socket.as_inner();
                    inner.set_read_timeout(Some(left.max(SHORTEST))).and_then(|()| { inner }.read(buffer))
                }
                None => Err(io::ErrorKind::TimedOut.into()),
            };
            match received {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(received) => {
                    if let Some(bulk) = &mut self.bulk {
                        bulk.bytes += received;
                    }
                    return Ok(received);
                }
                Err(error) => {
                    let Some(Bulk { pending, .. }) = self.bulk.take() else { return Err(error) };
                    let failure = self.socket.failed(pending.fail(&error, Some(limit)));
                    return Err(self.fails(failure));
                }
            }
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bulk.is_some() {
            return self.receive_more(buffer);
        }
        let received = self.socket.receive_into_by(buffer, &self.by);
        received.map_err(|failure| self.fails(failure))
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.socket.send_all_by(bytes, &self.by);
        sent.map(|()| bytes.len()).map_err(|failure| self.fails(failure))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Socket {
    /// recv(2) into `buffer`, given up at `by`.
    fn receive_into_by(&mut self, buffer: &mut [u8], by: &Deadline) -> Result<usize, Failure> {
        loop {
            let left =
                by.left().ok_or_else(|| self.reject(Op::Receive, Why::Deadline { limit: by.limit() }))?;
            self.set(Choice::ReadLimit(left))?;
            let pending = self.start(Op::Receive, self.local(), self.peer());
            match self.moved(pending, (&self.inner).read(buffer), self.read_limit) {
                Err(failure) if failure.is("EINTR") => {}
                ended => return ended,
            }
        }
    }
}
