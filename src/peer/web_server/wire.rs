//! What the bytes go over: the connection itself, or TLS on it.

use super::Identity;
use crate::socket::Stream;
use rustls::{ServerConnection, StreamOwned};
use std::io::{self, Read, Write};

/// A connection to a client.
pub(super) enum Wire {
    Plain(Box<Stream>),
    Tls(Box<StreamOwned<ServerConnection, Stream>>),
}

impl Wire {
    /// TLS when there is an `identity`. The handshake is made when the first bytes are read or written. `None` when the
    /// TLS library has no use for what the identity was made of.
    pub(super) fn new(stream: Stream, identity: Option<&Identity>) -> Option<Self> {
        let Some(identity) = identity else { return Some(Self::Plain(Box::new(stream))) };
        let connection = ServerConnection::new(identity.config()).ok()?;
        Some(Self::Tls(Box::new(StreamOwned::new(connection, stream))))
    }

    /// The connection itself.
    pub(super) fn stream(&mut self) -> &mut Stream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(tls) => &mut tls.sock,
        }
    }

    /// Says on the wire that nothing more comes, where there is a word for it (RFC 8446 §6.1).
    pub(super) fn finish(&mut self) {
        if let Self::Tls(tls) = self {
            if !tls.conn.is_handshaking() {
                tls.conn.send_close_notify();
            }
            while tls.conn.wants_write() && tls.conn.write_tls(&mut tls.sock).is_ok() {}
        }
    }

    /// Closes the connection.
    pub(super) fn close(self) {
        match self {
            Self::Plain(stream) => stream.close(),
            Self::Tls(tls) => tls.into_parts().1.close(),
        }
    }
}

impl Read for Wire {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(room),
            Self::Tls(tls) => tls.read(room),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(tls) => tls.flush(),
        }
    }
}
