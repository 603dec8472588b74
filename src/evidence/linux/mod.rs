//! Linux: the socket table over netlink, processes from /proc, ICMP errors from the error queue.

mod error_queue;
mod inet_diag;
mod process;
mod sock_diag;
mod wire;

use super::Absent;
use crate::failure::{Errno, Protocol};
use crate::trace::{IcmpError, Process, SocketRow};
use std::io;

pub(super) fn sockets(protocol: Protocol, port: u16) -> Result<Vec<SocketRow>, Absent> {
    sock_diag::sockets(protocol, port)
        .map_err(|error| absent("the kernel's socket table (sock_diag)", &error))
}

pub(super) fn process_with_inode(inode: u32) -> Result<Option<Process>, Absent> {
    process::with_inode(inode).map_err(|error| absent("/proc", &error))
}

pub(super) fn icmp_errors(socket: &socket2::Socket) -> Result<Vec<IcmpError>, Absent> {
    error_queue::drain(socket).map_err(|error| absent("a socket that keeps its ICMP errors", &error))
}

/// What is missing when `reader` gave no answer: a sandbox, a container or a kernel without the module.
fn absent(reader: &str, error: &io::Error) -> Absent {
    let why = error.raw_os_error().map_or_else(|| error.to_string(), |code| Errno::here(code).to_string());
    Absent { needs: format!("{reader}: {why}") }
}
