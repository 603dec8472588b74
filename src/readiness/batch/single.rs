//! One datagram a system call.

use super::ROOM;
use mio::net::UdpSocket;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::ops::Range;

/// Nothing is kept between calls.
#[derive(Debug)]
pub(super) struct Receive;

impl Receive {
    pub(super) fn new() -> Self {
        Self
    }

    /// recvfrom(2) until `input` is full, or an error; that one is given only when nothing was received before.
    pub(super) fn receive(
        &mut self,
        socket: &UdpSocket,
        input: &mut [u8],
        received: &mut Vec<(usize, SocketAddr)>,
    ) -> io::Result<()> {
        for room in input.chunks_mut(ROOM) {
            match socket.recv_from(room) {
                Ok(datagram) => received.push(datagram),
                Err(error) if received.is_empty() || error.kind() != ErrorKind::WouldBlock => {
                    return Err(error);
                }
                Err(_) => break,
            }
        }
        Ok(())
    }
}

/// Nothing is kept between calls.
#[derive(Debug)]
pub(super) struct Send;

impl Send {
    pub(super) fn new() -> Self {
        Self
    }

    /// send(2) or sendto(2) of the first of `datagrams`.
    pub(super) fn send(
        &mut self,
        socket: &UdpSocket,
        bytes: &[u8],
        datagrams: &[(Range<usize>, Option<SocketAddr>)],
    ) -> io::Result<usize> {
        let (range, to) = &datagrams[0];
        let bytes = &bytes[range.clone()];
        match to {
            Some(to) => socket.send_to(bytes, *to),
            None => socket.send(bytes),
        }
        .map(|_| 1)
    }
}
