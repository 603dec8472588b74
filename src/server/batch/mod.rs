//! Many datagrams a system call where the platform can, one where it cannot. What a datagram means is not known
//! here.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux::Calls;
#[cfg(not(target_os = "linux"))]
mod single;
#[cfg(not(target_os = "linux"))]
use single::Calls;

use mio::net::UdpSocket;
use std::io;
use std::net::SocketAddr;
use std::ops::Range;

/// Datagrams in a batch.
const SIZE: usize = 64;

/// Room for a datagram: more than IPv4 or IPv6 can carry, so that none is cut. Pages that no datagram has reached
/// take no memory. Not a power of two, so that the beginnings of all rooms do not share a few lines of the cache.
const ROOM: usize = 65_536 + 576;

/// The datagrams of one call, and the replies to them.
#[derive(Debug)]
pub(super) struct Batch {
    calls: Calls,
    /// `SIZE` times `ROOM`.
    input: Vec<u8>,
    /// Length and sender of each datagram in `input`.
    received: Vec<(usize, SocketAddr)>,
    bytes: Vec<u8>,
    /// Where each reply is in `bytes`, and for whom.
    replies: Vec<(Range<usize>, SocketAddr)>,
    /// So many replies are done with.
    done: usize,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self {
            calls: Calls::new(),
            input: vec![0; SIZE * ROOM],
            received: Vec::with_capacity(SIZE),
            bytes: Vec::new(),
            replies: Vec::with_capacity(SIZE),
            done: 0,
        }
    }

    /// Takes what has arrived; `false` when nothing has.
    pub(super) fn receive(&mut self, socket: &UdpSocket) -> io::Result<bool> {
        self.received.clear();
        match self.calls.receive(socket, &mut self.input, &mut self.received) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            result => result.map(|()| true),
        }
    }

    /// Calls `answer` with the data and the sender of each datagram; it appends the reply and tells whether there
    /// is one.
    pub(super) fn answer(&mut self, mut answer: impl FnMut(&[u8], SocketAddr, &mut Vec<u8>) -> bool) {
        self.bytes.clear();
        self.replies.clear();
        self.done = 0;
        for (room, (length, from)) in self.input.chunks(ROOM).zip(&self.received) {
            let start = self.bytes.len();
            if answer(&room[..*length], *from, &mut self.bytes) {
                self.replies.push((start..self.bytes.len(), *from));
            }
        }
    }

    /// Whether replies are left to be sent.
    pub(super) fn is_unsent(&self) -> bool {
        self.done < self.replies.len()
    }

    /// Sends replies, as many as one call takes. After an error the first that is left is the one that failed.
    pub(super) fn send(&mut self, socket: &UdpSocket) -> io::Result<()> {
        self.done += self.calls.send(socket, &self.bytes, &self.replies[self.done..])?;
        Ok(())
    }

    /// Gives up the first reply that is left.
    pub(super) fn skip(&mut self) {
        self.done += 1;
    }
}
