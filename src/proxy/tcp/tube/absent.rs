//! Platforms other than Linux have no splice(2): bytes go through the shared buffer.

use mio::net::TcpStream;
use std::io;

/// Never made.
#[derive(Debug)]
pub(in crate::proxy::tcp) enum Tube {}

impl Tube {
    /// Not there.
    pub(super) fn new() -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The bytes that are in it.
    pub(in crate::proxy::tcp) fn bytes(&self) -> usize {
        match *self {}
    }

    /// Takes from a socket what it has.
    pub(in crate::proxy::tcp) fn fill(&mut self, _: &TcpStream) -> io::Result<usize> {
        match *self {}
    }

    /// Gives to a socket what that takes.
    pub(in crate::proxy::tcp) fn drain(&mut self, _: &TcpStream) -> io::Result<usize> {
        match *self {}
    }

    /// Takes the bytes out of it.
    pub(in crate::proxy::tcp) fn empty(self) -> io::Result<Vec<u8>> {
        match self {}
    }
}
