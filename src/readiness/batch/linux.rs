//! recvmmsg(2) and sendmmsg(2): as many datagrams as there are, a system call.

use super::{ROOM, SIZE};
use mio::net::UdpSocket;
use nix::sys::socket::{MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg};
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
use std::ops::Range;
use std::os::fd::AsRawFd as _;

/// The headers that recvmmsg fills.
#[derive(Debug)]
pub(super) struct Receive(MultiHeaders<SockaddrStorage>);

impl Receive {
    pub(super) fn new() -> Self {
        Self(MultiHeaders::preallocate(SIZE, None))
    }

    /// Receives up to `SIZE` datagrams, each into its own `ROOM` of `input`.
    pub(super) fn receive(
        &mut self,
        socket: &UdpSocket,
        input: &mut [u8],
        received: &mut Vec<(usize, SocketAddr)>,
    ) -> io::Result<()> {
        let mut rooms = input.chunks_mut(ROOM);
        let mut slices: [[IoSliceMut; 1]; SIZE] =
            std::array::from_fn(|_| [IoSliceMut::new(rooms.next().unwrap_or_default())]);
        let messages = recvmmsg(socket.as_raw_fd(), &mut self.0, &mut slices, MsgFlags::MSG_DONTWAIT, None)?;
        received.extend(
            messages.map(|message| (message.bytes, message.address.and_then(plain).unwrap_or(NOBODY))),
        );
        Ok(())
    }
}

/// The headers that sendmmsg reads.
#[derive(Debug)]
pub(super) struct Send {
    headers: MultiHeaders<SockaddrStorage>,
    to: Vec<Option<SockaddrStorage>>,
}

impl Send {
    pub(super) fn new() -> Self {
        Self { headers: MultiHeaders::preallocate(SIZE, None), to: Vec::with_capacity(SIZE) }
    }

    /// Sends as many of `datagrams` as one call and the socket take, and tells how many those were.
    pub(super) fn send(
        &mut self,
        socket: &UdpSocket,
        bytes: &[u8],
        datagrams: &[(Range<usize>, Option<SocketAddr>)],
    ) -> io::Result<usize> {
        let datagrams = &datagrams[..datagrams.len().min(SIZE)];
        self.to.clear();
        self.to.extend(datagrams.iter().map(|(_, to)| to.map(SockaddrStorage::from)));
        let slices: [[IoSlice; 1]; SIZE] = std::array::from_fn(|i| {
            [IoSlice::new(datagrams.get(i).map_or(&[], |(range, _)| &bytes[range.clone()]))]
        });
        let slices = &slices[..datagrams.len()];
        let (to, flags) = (&self.to, MsgFlags::MSG_DONTWAIT);
        let sent = sendmmsg(socket.as_raw_fd(), &mut self.headers, slices, to, [], flags)?;
        Ok(sent.count())
    }
}

/// A sender that the kernel did not name; port 0 is never answered.
const NOBODY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 0);

fn plain(address: SockaddrStorage) -> Option<SocketAddr> {
    if let Some(v4) = address.as_sockaddr_in() {
        return Some(SocketAddrV4::from(*v4).into());
    }
    address.as_sockaddr_in6().map(|v6| SocketAddrV6::from(*v6).into())
}
