//! Linux: the error queue, the user time-out, a port range for one socket, and what happens to closed descriptors.

use nix::errno::Errno;
use nix::libc;
use nix::sys::socket::{MsgFlags, send, setsockopt, sockopt};
use rustix::io::fcntl_dupfd_cloexec;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::{Domain, Socket};
use std::io;
use std::mem::size_of;
use std::os::fd::{AsRawFd as _, RawFd};
use std::time::Duration;

/// linux/in.h, since Linux 6.3; no crate has it.
const IP_LOCAL_PORT_RANGE: libc::c_int = 51;

/// `IP_RECVERR` or `IPV6_RECVERR`, whichever the socket's family has.
pub(in crate::socket) fn keep_icmp_errors(socket: &Socket) -> io::Result<()> {
    let set = if socket.domain()? == Domain::IPV6 {
        setsockopt(socket, sockopt::Ipv6RecvErr, &true)
    } else {
        setsockopt(socket, sockopt::Ipv4RecvErr, &true)
    };
    set.map_err(io::Error::from)
}

/// `TCP_USER_TIMEOUT`, tcp(7).
pub(in crate::socket) fn set_user_timeout(socket: &Socket, limit: Duration) -> io::Result<()> {
    socket.set_tcp_user_timeout(Some(limit))
}

/// `IP_LOCAL_PORT_RANGE`, ip(7), for sockets of both families: the first port in the low half, the last in the high.
pub(in crate::socket) fn set_port_range(socket: &Socket, first: u16, last: u16) -> io::Result<()> {
    let range = u32::from(first) | u32::from(last) << 16;
    let length = libc::socklen_t::try_from(size_of::<u32>()).unwrap_or_default();
    // SAFETY: the descriptor is open for as long as `socket` is borrowed, and the four bytes outlive the call.
    let failed = unsafe {
        let value = (&raw const range).cast();
        libc::setsockopt(socket.as_raw_fd(), libc::IPPROTO_IP, IP_LOCAL_PORT_RANGE, value, length)
    };
    if failed == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Closes the socket after giving it a number near the end of what this process may have: the kernel gives out the
/// lowest free number, so that nobody else gets this one.
pub(in crate::socket) fn close_out_of_reach(socket: Socket) -> io::Result<RawFd> {
    const FROM_THE_END: u64 = 8;
    const HIGHEST: u64 = 1 << 16;
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(HIGHEST).min(HIGHEST);
    let least = RawFd::try_from(limit.saturating_sub(FROM_THE_END)).unwrap_or(RawFd::MAX);
    let far = fcntl_dupfd_cloexec(&socket, least)?;
    let number = far.as_raw_fd();
    drop((far, socket));
    Ok(number)
}

/// send(2) through a number that need not be a descriptor.
pub(in crate::socket) fn send_to_number(number: RawFd, bytes: &[u8]) -> io::Result<usize> {
    send(number, bytes, MsgFlags::MSG_NOSIGNAL).map_err(|errno: Errno| errno.into())
}

/// The soft limit becomes the hard one, getrlimit(2).
pub(in crate::socket) fn raise_descriptor_limit() -> io::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit })?)
}
