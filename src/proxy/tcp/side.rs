//! One of the two sockets of a connection.

use super::tube::Tube;
use crate::proxy::stream::End;
use crate::readiness::SHORT_READ_IS_LAST;
use mio::event::Event;
use mio::net::TcpStream;
use socket2::SockRef;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::Shutdown;
use std::time::Duration;

/// A socket, and what is known of it since the last event.
#[derive(Debug)]
pub(in crate::proxy) struct Side {
    pub(in crate::proxy) stream: TcpStream,
    readable: bool,
    writable: bool,
    other: Other,
}

/// What is known of the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Other {
    /// It may send more.
    Sends,
    /// It has stopped sending: a read will come to the end.
    Ends,
    /// The connection is gone, though there may be something left to read.
    Gone,
}

/// What a read gave.
pub(super) enum Got {
    Data(usize),
    End(End),
    Nothing,
}

/// Why a write did not go on.
enum Refused {
    Full,
    Interrupted,
}

impl Side {
    /// A socket of which nothing is known, so that everything is tried.
    pub(in crate::proxy) fn new(stream: TcpStream) -> Self {
        Self { stream, readable: true, writable: true, other: Other::Sends }
    }

    /// What an event told.
    pub(in crate::proxy) fn note(&mut self, event: &Event) {
        self.readable |= event.is_readable() || event.is_read_closed() || event.is_error();
        self.writable |= event.is_writable() || event.is_write_closed() || event.is_error();
        if event.is_error() {
            self.other = Other::Gone;
        } else if event.is_read_closed() && self.other == Other::Sends {
            self.other = Other::Ends;
        }
    }

    /// Whether the connection is known to be gone.
    pub(in crate::proxy) fn is_gone(&self) -> bool {
        self.other == Other::Gone
    }

    pub(super) fn may_read(&self) -> bool {
        self.readable
    }

    pub(super) fn may_write(&self) -> bool {
        self.writable
    }

    /// As [`Self::read`], into a tube.
    pub(super) fn fill(&mut self, tube: &mut Tube) -> Got {
        let filled = tube.fill(&self.stream);
        // How much more there is cannot be told from a splice.
        self.got(filled, |_| true)
    }

    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Got {
        let (room, read) = (buffer.len(), self.stream.read(buffer));
        self.got(read, |length| length == room || !SHORT_READ_IS_LAST)
    }

    /// What a read gave; `more` tells whether there may be more after so many bytes.
    fn got(&mut self, read: io::Result<usize>, more: impl FnOnce(usize) -> bool) -> Got {
        match read {
            Ok(0) if self.is_gone() => Got::End(End::Reset),
            Ok(0) => Got::End(End::Finished),
            Ok(length) => {
                self.readable = self.other != Other::Sends || more(length);
                Got::Data(length)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.readable = false;
                Got::Nothing
            }
            // Nothing for now, and it stays readable.
            Err(error) if error.kind() == ErrorKind::Interrupted => Got::Nothing,
            Err(_) => Got::End(End::Reset),
        }
    }

    /// As [`Self::write`], from a tube.
    pub(super) fn drain(&mut self, tube: &mut Tube) -> Option<usize> {
        let mut written = 0;
        while tube.bytes() > 0 {
            match tube.drain(&self.stream) {
                Ok(length) => written += length,
                Err(error) => match self.refused(&error)? {
                    Refused::Full => break,
                    Refused::Interrupted => {}
                },
            }
        }
        Some(written)
    }

    /// Writes what the socket takes at once; `None` when the connection is gone.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut written = 0;
        while written < bytes.len() {
            match self.stream.write(&bytes[written..]) {
                Ok(length) => written += length,
                Err(error) => match self.refused(&error)? {
                    Refused::Full => break,
                    Refused::Interrupted => {}
                },
            }
        }
        Some(written)
    }

    /// Why a write was refused; `None` when the connection is gone.
    fn refused(&mut self, error: &io::Error) -> Option<Refused> {
        match error.kind() {
            ErrorKind::WouldBlock => {
                self.writable = false;
                Some(Refused::Full)
            }
            ErrorKind::Interrupted => Some(Refused::Interrupted),
            _ => {
                // Whatever it still has to say is read, up to its end.
                self.other = Other::Gone;
                self.readable = true;
                None
            }
        }
    }

    /// Sends a FIN.
    pub(super) fn finish(&mut self) {
        if self.stream.shutdown(Shutdown::Write).is_err() {
            // It is gone already; a read will tell how.
            self.readable = true;
        }
    }

    /// Makes its close a RST.
    pub(in crate::proxy) fn reset_on_close(&self) {
        if let Err(error) = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)) {
            tracing::debug!(%error, "SO_LINGER");
        }
    }
}
