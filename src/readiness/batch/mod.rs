//! Many datagrams a system call where the platform can, one where it cannot. What a datagram means is not known
//! here.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux::{Receive, Send};
#[cfg(not(target_os = "linux"))]
mod single;
#[cfg(not(target_os = "linux"))]
use single::{Receive, Send};

use mio::net::UdpSocket;
use std::io;
use std::net::SocketAddr;
use std::ops::Range;

/// Datagrams in a batch.
const SIZE: usize = 64;

/// Room for a datagram: more than IPv4 or IPv6 can carry, so that none is cut. Pages that no datagram has reached
/// take no memory. Not a power of two, so that the beginnings of all rooms do not share a few lines of the cache.
const ROOM: usize = 65_536 + 576;

/// The most data that a datagram over IPv4 can carry: 65,535 less the IP and UDP headers.
pub const LARGEST: usize = 65_507;

/// The datagrams of one call.
#[derive(Debug)]
pub struct Batch {
    calls: Receive,
    /// `SIZE` times `ROOM`.
    input: Vec<u8>,
    /// Length and sender of each datagram in `input`.
    received: Vec<(usize, SocketAddr)>,
}

impl Default for Batch {
    fn default() -> Self {
        let received = Vec::with_capacity(SIZE);
        Self { calls: Receive::new(), input: vec![0; SIZE * ROOM], received }
    }
}

impl Batch {
    /// Takes what has arrived, in place of what was taken before; `false` when nothing has.
    pub fn receive(&mut self, socket: &UdpSocket) -> io::Result<bool> {
        self.received.clear();
        match self.calls.receive(socket, &mut self.input, &mut self.received) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            result => result.map(|()| true),
        }
    }

    /// The data and the sender of each datagram.
    pub fn datagrams(&self) -> impl Iterator<Item = (&[u8], SocketAddr)> {
        let rooms = self.input.chunks(ROOM).zip(&self.received);
        rooms.map(|(room, (length, from))| (&room[..*length], *from))
    }

    /// Whether all that had arrived was taken: a call that finds more than it has room for leaves some.
    pub fn is_last(&self) -> bool {
        self.received.len() < SIZE
    }
}

/// Datagrams to be sent through one socket, in order.
#[derive(Debug)]
pub struct Outbox {
    calls: Send,
    bytes: Vec<u8>,
    /// Where each datagram is in `bytes`, and for whom; `None` is whom the socket is connected to.
    datagrams: Vec<(Range<usize>, Option<SocketAddr>)>,
    /// So many are done with.
    done: usize,
}

impl Default for Outbox {
    fn default() -> Self {
        let datagrams = Vec::with_capacity(SIZE);
        Self { calls: Send::new(), bytes: Vec::new(), datagrams, done: 0 }
    }
}

impl Outbox {
    /// Adds what `write` appends, unless it tells that there is nothing.
    pub fn write(&mut self, to: Option<SocketAddr>, write: impl FnOnce(&mut Vec<u8>) -> bool) {
        let start = self.bytes.len();
        if write(&mut self.bytes) {
            self.datagrams.push((start..self.bytes.len(), to));
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.datagrams.clear();
        self.done = 0;
    }

    /// Whether datagrams are left to be sent.
    pub fn is_unsent(&self) -> bool {
        self.done < self.datagrams.len()
    }

    /// How many are left.
    pub fn unsent(&self) -> usize {
        self.datagrams.len() - self.done
    }

    /// Their bytes.
    pub fn unsent_bytes(&self) -> usize {
        self.datagrams[self.done..].iter().map(|(range, _)| range.len()).sum()
    }

    /// Sends, as many as one call takes. After an error the first that is left is the one that failed.
    pub fn send(&mut self, socket: &UdpSocket) -> io::Result<()> {
        self.done += self.calls.send(socket, &self.bytes, &self.datagrams[self.done..])?;
        Ok(())
    }

    /// Gives up the first that is left.
    pub fn skip(&mut self) {
        self.done += 1;
    }
}
