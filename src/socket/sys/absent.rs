//! Platforms other than Linux: ICMP errors arrive as an errno only, and the rest is not there.

use socket2::Socket;
use std::io;
use std::time::Duration;

/// Not there, and nothing is lost but evidence.
pub(in crate::socket) fn keep_icmp_errors(_: &Socket) -> io::Result<()> {
    Ok(())
}

/// Not there.
pub(in crate::socket) fn set_user_timeout(_: &Socket, _: Duration) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Not there.
pub(in crate::socket) fn set_port_range(_: &Socket, _: u16, _: u16) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Not there.
pub(in crate::socket) fn close_out_of_reach(_: Socket) -> io::Result<i32> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Not there.
pub(in crate::socket) fn send_to_number(_: i32, _: &[u8]) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Not there; where it is needed, `ulimit -n` raises it.
pub(in crate::socket) fn raise_descriptor_limit() -> io::Result<()> {
    Ok(())
}
