//! A pipe(7) between two sockets: splice(2) moves pages and copies nothing.

use mio::net::TcpStream;
use rustix::pipe::{PipeFlags, SpliceFlags, fcntl_setpipe_size, pipe_with, splice};
use std::io;
use std::os::fd::OwnedFd;

/// What a pipe takes at once. Without privilege it may be less: `/proc/sys/fs/pipe-max-size`.
const SIZE: usize = 1024 * 1024;

/// A pipe, and the bytes in it.
#[derive(Debug)]
pub(in crate::proxy::tcp) struct Tube {
    front: OwnedFd,
    back: OwnedFd,
    bytes: usize,
}

impl Tube {
    pub(super) fn new() -> io::Result<Self> {
        let (front, back) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        if let Err(error) = fcntl_setpipe_size(&back, SIZE) {
            tracing::debug!(%error, "F_SETPIPE_SZ");
        }
        Ok(Self { front, back, bytes: 0 })
    }

    /// The bytes that are in it.
    pub(in crate::proxy::tcp) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes from a socket what it has; 0 is its end.
    pub(in crate::proxy::tcp) fn fill(&mut self, from: &TcpStream) -> io::Result<usize> {
        let moved = splice(from, None, &self.back, None, SIZE, FLAGS)?;
        self.bytes += moved;
        Ok(moved)
    }

    /// Gives to a socket what that takes.
    pub(in crate::proxy::tcp) fn drain(&mut self, to: &TcpStream) -> io::Result<usize> {
        let moved = splice(&self.front, None, to, None, self.bytes, FLAGS)?;
        self.bytes -= moved;
        Ok(moved)
    }

    /// Takes the bytes out of it.
    pub(in crate::proxy::tcp) fn empty(mut self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; self.bytes];
        let mut read = 0;
        while self.bytes > 0 {
            let some = rustix::io::read(&self.front, &mut bytes[read..])?;
            read += some;
            self.bytes -= some;
        }
        Ok(bytes)
    }
}

const FLAGS: SpliceFlags = SpliceFlags::NONBLOCK.union(SpliceFlags::MOVE);
