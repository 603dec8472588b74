//! Unix: `SO_REUSEADDR` is the right thing for servers, and ports can be shared.

use socket2::Socket;
use std::io;

/// `SO_REUSEADDR`: a restarted server may bind while old connections are in `TIME_WAIT`; a live listener is
/// still refused (Linux socket(7)).
pub(in crate::socket) fn reserve_server_address(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_address(true)
}

/// `SO_REUSEPORT`.
pub(in crate::socket) fn set_reuse_port(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_port(true)
}
