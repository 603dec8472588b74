//! Linux: the socket table and routes over netlink, processes and settings from /proc, ICMP errors from the error
//! queue, options from the sockets themselves.

mod error_queue;
mod inet_diag;
mod options;
mod process;
mod route;
mod settings;
mod sock_diag;
mod wire;

use super::Absent;
use crate::failure::{Errno, Protocol};
use crate::trace::{
    Descriptors, Fact, IcmpError, Options, OwnSocket, PortRange, Process, Route, SocketRow, Waiting,
};
use socket2::Socket;
use std::io;
use std::net::IpAddr;

pub(super) fn sockets(protocol: Protocol, port: u16) -> Result<Vec<SocketRow>, Absent> {
    sock_diag::sockets(protocol, port).map_err(absent("the kernel's socket table (sock_diag)"))
}

pub(super) fn process_with_inode(inode: u32) -> Result<Option<Process>, Absent> {
    process::with_inode(inode).map_err(absent("/proc"))
}

pub(super) fn shows_bound_sockets() -> Result<bool, Absent> {
    settings::shows_bound_sockets().map_err(absent("/proc/sys"))
}

/// Not asked here: the socket table is complete.
pub(super) fn listed(_: Protocol, _: u16) -> Result<Vec<Fact>, Absent> {
    Err(Absent { needs: "nothing else: the socket table shows them".into() })
}

pub(super) fn options_of(inode: u32) -> Result<Options, Absent> {
    let found = options::of_holder(inode).map_err(absent("pidfd_getfd"))?;
    found.ok_or_else(|| Absent { needs: "root, to see the process that holds the socket".into() })
}

pub(super) fn descriptors(pid: u32) -> Result<Descriptors, Absent> {
    process::descriptors(pid)
        .ok_or_else(|| Absent { needs: "root, to see the descriptors of another user's process".into() })
}

pub(super) fn icmp_errors(socket: &Socket) -> Result<Vec<IcmpError>, Absent> {
    error_queue::drain(socket).map_err(absent("a socket that keeps its ICMP errors"))
}

pub(super) fn own(socket: &Socket) -> Result<OwnSocket, Absent> {
    options::own(socket).map_err(absent("getsockopt"))
}

pub(super) fn waiting(socket: &Socket) -> Result<Waiting, Absent> {
    options::waiting(socket).map_err(absent("bytes to look at"))
}

pub(super) fn route_to(address: IpAddr) -> Result<Route, Absent> {
    route::to(address).map_err(absent("the kernel's routes (rtnetlink)"))
}

pub(super) fn addresses() -> Result<Vec<IpAddr>, Absent> {
    route::addresses().map_err(absent("the kernel's addresses (rtnetlink)"))
}

pub(super) fn port_range() -> Result<PortRange, Absent> {
    settings::port_range().map_err(absent("/proc/sys"))
}

pub(super) fn unprivileged_from() -> Result<u16, Absent> {
    settings::unprivileged_from().map_err(absent("/proc/sys"))
}

pub(super) fn may_bind_low_ports() -> Result<bool, Absent> {
    settings::may_bind_low_ports().map_err(absent("/proc"))
}

pub(super) fn counter(name: &str) -> Result<u64, Absent> {
    settings::counter(name).map_err(absent("/proc/net"))
}

pub(super) fn lives(pid: u32) -> Result<bool, Absent> {
    exists(&format!("/proc/{pid}/stat"))
}

pub(super) fn is_open(descriptor: i32) -> Result<bool, Absent> {
    exists(&format!("/proc/self/fd/{descriptor}"))
}

fn exists(file: &str) -> Result<bool, Absent> {
    match std::fs::symlink_metadata(file) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(absent("/proc")(error)),
    }
}

/// The system and its release, as uname(2) has them.
pub(super) fn system() -> Option<String> {
    settings::release().ok().map(|release| format!("Linux {release}"))
}

pub(super) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// Reads `bytes` as a dump of sockets of either protocol, and as an answer about a route.
#[cfg(fuzzing)]
pub fn read_any_bytes(bytes: &[u8]) {
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        sock_diag::read_any_bytes(protocol, bytes);
    }
    route::read_any_bytes(bytes);
}

/// What is missing when `reader` gave no answer: a sandbox, a container or a kernel without the module.
fn absent(reader: &'static str) -> impl Fn(io::Error) -> Absent {
    move |error| {
        let why =
            error.raw_os_error().map_or_else(|| error.to_string(), |code| Errno::here(code).to_string());
        Absent { needs: format!("{reader}: {why}") }
    }
}
