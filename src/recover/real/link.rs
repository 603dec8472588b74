//! One connection, seen from either end: whole frames in and out, however the stream cuts them.

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::SockRef;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::time::Duration;

/// A connection and what is on its way through it.
#[derive(Debug)]
pub(super) struct Link {
    stream: TcpStream,
    read: Vec<u8>,
    unsent: Vec<u8>,
}

impl Link {
    /// Begins to watch a connection. It may still be on its way up.
    pub(super) fn watch(mut stream: TcpStream, registry: &Registry, token: Token) -> io::Result<Self> {
        registry.register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
        // Without it a small frame could wait for the acknowledgement of the one before. Before a connection is up
        // some platforms refuse; then it is only slower.
        let _ = stream.set_nodelay(true);
        Ok(Self { stream, read: Vec::new(), unsent: Vec::new() })
    }

    /// Sends a frame as soon as the connection takes it.
    pub(super) fn send(&mut self, frame: &[u8]) -> io::Result<()> {
        self.unsent.extend_from_slice(frame);
        self.flush()
    }

    /// Sends what could not be sent before.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(sent) => drop(self.unsent.drain(..sent)),
                Err(error) if is_not_yet(&error) => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads all there is. The end of the stream is an error: nobody here closes while something is expected.
    pub(super) fn receive(&mut self) -> io::Result<&mut Vec<u8>> {
        let mut piece = [0; 4096];
        loop {
            match self.stream.read(&mut piece) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(length) => self.read.extend_from_slice(&piece[..length]),
                Err(error) if is_not_yet(&error) => return Ok(&mut self.read),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Breaks the connection off with a RST: the other end sees ECONNRESET, and no port stays in `TIME_WAIT`.
    pub(super) fn reset(self) {
        // A socket that cannot be told to linger is already broken.
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
    }
}

/// Whether the connection is not up yet, or has nothing now.
fn is_not_yet(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected)
}
