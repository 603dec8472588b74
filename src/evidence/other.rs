//! Platforms without a reader: every question is answered with what it would need.

use super::Absent;
use crate::failure::Protocol;
use crate::trace::{IcmpError, Process, SocketRow};

fn absent(reader: &str) -> Absent {
    Absent { needs: format!("Linux ({reader})") }
}

pub(super) fn sockets(_: Protocol, _: u16) -> Result<Vec<SocketRow>, Absent> {
    Err(absent("sock_diag"))
}

pub(super) fn process_with_inode(_: u32) -> Result<Option<Process>, Absent> {
    Err(absent("procfs"))
}

pub(super) fn icmp_errors(_: &socket2::Socket) -> Result<Vec<IcmpError>, Absent> {
    Err(absent("the socket error queue"))
}
