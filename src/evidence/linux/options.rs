//! What sockets say of themselves, getsockopt(2): this program's own, and those that other programs hold, which
//! `pidfd_getfd(2)` lends to whoever may trace them (the same user where ptrace(2) is open to it, or root).

use super::process;
use crate::trace::{Options, OwnSocket, Waiting};
use nix::sys::socket::{MsgFlags, recv};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};
use socket2::{Domain, SockAddr, SockRef, Socket};
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

/// The longest datagram there is, and more of a stream than anyone on a stage sends.
const ROOM: usize = 1 << 17;

/// What a socket of this program says of itself.
pub(super) fn own(socket: &Socket) -> io::Result<OwnSocket> {
    let address = |address: io::Result<SockAddr>| address.ok().as_ref().and_then(SockAddr::as_socket);
    let bound = |local: &SocketAddr| local.port() != 0;
    Ok(OwnSocket {
        is_ipv6: socket.domain()? == Domain::IPV6,
        local: address(socket.local_addr()).filter(bound),
        peer: address(socket.peer_addr()),
        listening: socket.is_listener()?,
        nonblocking: socket.nonblocking()?,
        reuse_address: socket.reuse_address()?,
        reuse_port: socket.reuse_port()?,
    })
}

/// Options of the socket with this inode; `None` when no process that this user may see holds it.
pub(super) fn of_holder(inode: u32) -> io::Result<Option<Options>> {
    let Some((pid, descriptor)) = process::descriptor_of(inode)? else { return Ok(None) };
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidData)?;
    let process = pidfd_open(pid, PidfdFlags::empty())?;
    let lent = File::from(pidfd_getfd(process, descriptor, PidfdGetfdFlags::empty())?);
    // /proc may show the pids of another namespace, and a number may have changed hands.
    if lent.metadata()?.ino() != u64::from(inode) {
        return Err(io::Error::other("the descriptor is another one by now"));
    }
    let socket = SockRef::from(&lent);
    Ok(Some(Options {
        inode,
        reuse_address: socket.reuse_address()?,
        reuse_port: socket.reuse_port()?,
        resets_on_close: socket.linger()? == Some(Duration::ZERO),
    }))
}

/// What waits to be read, and stays. Waits as long as the socket does for the first byte.
pub(super) fn waiting(socket: &Socket) -> io::Result<Waiting> {
    let mut room = vec![0; ROOM];
    let bytes = recv(socket.as_raw_fd(), &mut room, MsgFlags::MSG_PEEK)?;
    let local = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::InvalidData)?;
    let not_utf8_at = std::str::from_utf8(&room[..bytes]).err().map(|error| error.valid_up_to());
    Ok(Waiting { local, bytes, not_utf8_at })
}
