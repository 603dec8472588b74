//! Unix: `SO_REUSEADDR` is the right thing for servers; the error queue and user time-out are Linux'.

use socket2::Socket;
use std::io;
use std::time::Duration;

/// `SO_REUSEADDR`: a restarted server may bind while old connections are in `TIME_WAIT`; a live listener is
/// still refused (Linux socket(7)).
pub(in crate::socket) fn reserve_server_address(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_address(true)
}

/// `IP_RECVERR` or `IPV6_RECVERR`, whichever the socket's family has.
#[cfg(target_os = "linux")]
pub(in crate::socket) fn keep_icmp_errors(socket: &Socket) -> io::Result<()> {
    use nix::sys::socket::{setsockopt, sockopt};
    let set = if socket.domain()? == socket2::Domain::IPV6 {
        setsockopt(socket, sockopt::Ipv6RecvErr, &true)
    } else {
        setsockopt(socket, sockopt::Ipv4RecvErr, &true)
    };
    set.map_err(io::Error::from)
}

/// Not there: ICMP errors arrive as an errno only.
#[cfg(not(target_os = "linux"))]
pub(in crate::socket) fn keep_icmp_errors(_: &Socket) -> io::Result<()> {
    Ok(())
}

/// `TCP_USER_TIMEOUT`, tcp(7).
#[cfg(target_os = "linux")]
pub(in crate::socket) fn set_user_timeout(socket: &Socket, limit: Duration) -> io::Result<()> {
    socket.set_tcp_user_timeout(Some(limit))
}

/// Not there.
#[cfg(not(target_os = "linux"))]
pub(in crate::socket) fn set_user_timeout(_: &Socket, _: Duration) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
