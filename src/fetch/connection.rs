//! A connection on which HTTP is spoken, with or without TLS.

use super::first_bytes::Tapped;
use super::tls::Tls;
use crate::failure::{Failure, Op, Why};
use crate::trace::Deadline;
use std::io::{self, Read, Write};
use std::net::SocketAddr;

/// A connection on which HTTP is spoken.
pub(super) enum Connection {
    Plain(Box<Tapped>),
    Secure(Box<Tls>),
}

impl Connection {
    /// Sends everything.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let sent = match self {
            Self::Plain(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
            Self::Secure(tls) => tls.write_all(bytes).and_then(|()| tls.flush()),
        };
        sent.map_err(|error| self.failed(Op::Send, &error))
    }

    /// Receives what has come; nothing is the end of the stream.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let received = match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Secure(tls) => tls.read(buffer),
        };
        match received {
            // TLS that ends without saying so (close_notify) may have been cut: HTTP's own lengths tell.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            received => received.map_err(|error| self.failed(Op::Receive, &error)),
        }
    }

    /// Writes down that what came cannot be used.
    pub(super) fn reject(&mut self, why: Why) -> Failure {
        self.below().end_bulk();
        self.below().socket().reject(Op::Receive, why)
    }

    /// Has calls end at `by` from now on.
    pub(super) fn until(&mut self, by: &Deadline) {
        self.below().until(by);
    }

    /// From now on what is received counts as one call.
    pub(super) fn receive_in_bulk(&mut self) {
        self.below().receive_in_bulk();
    }

    /// How what came began; under TLS it is not seen.
    pub(super) fn began(&self) -> &[u8] {
        match self {
            Self::Plain(stream) => stream.began(),
            Self::Secure(_) => &[],
        }
    }

    pub(super) fn peer(&mut self) -> SocketAddr {
        self.below().socket().peer().unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 0)))
    }

    /// It is over; the end is written down.
    pub(super) fn end(&mut self) {
        self.below().end_bulk();
    }

    fn below(&mut self) -> &mut Tapped {
        match self {
            Self::Plain(stream) => stream,
            Self::Secure(tls) => &mut tls.below,
        }
    }

    /// The failure behind `error`: the call's own, or what TLS says.
    fn failed(&mut self, op: Op, error: &io::Error) -> Failure {
        if let Some(failure) = self.below().failure() {
            return failure;
        }
        self.below().end_bulk();
        let why = Why::Tls { refusal: crate::failure::Refusal::Other, said: error.to_string() };
        self.below().socket().reject(op, why)
    }
}
