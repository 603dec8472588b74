//! Platforms without a reader of our own: the crate `listeners` tells who holds a port, and every other question is
//! answered with what it would need.

use super::Absent;
use crate::failure::Protocol;
use crate::trace::{
    Descriptors, Fact, IcmpError, Options, OwnSocket, PortRange, Process, Route, SocketRow, Waiting,
};
use socket2::Socket;
use std::net::IpAddr;

fn absent<T>(reader: &str) -> Result<T, Absent> {
    Err(Absent { needs: format!("Linux ({reader})") })
}

pub(super) fn sockets(_: Protocol, _: u16) -> Result<Vec<SocketRow>, Absent> {
    absent("sock_diag")
}

pub(super) fn process_with_inode(_: u32) -> Result<Option<Process>, Absent> {
    absent("procfs")
}

pub(super) fn shows_bound_sockets() -> Result<bool, Absent> {
    absent("sock_diag")
}

/// What `listeners` lists: sockets whose process this user may see.
pub(super) fn listed(protocol: Protocol, port: u16) -> Result<Vec<Fact>, Absent> {
    let wanted = match protocol {
        Protocol::Tcp => listeners::Protocol::TCP,
        Protocol::Udp => listeners::Protocol::UDP,
    };
    let all =
        listeners::get_all().map_err(|error| Absent { needs: format!("a list of listeners: {error}") })?;
    let on_port = all.into_iter().filter(|one| one.protocol == wanted && one.socket.port() == port);
    let fact = |one: listeners::Listener| Fact::Listed {
        protocol,
        local: one.socket,
        pid: one.process.pid,
        name: one.process.name,
    };
    Ok(on_port.map(fact).collect())
}

pub(super) fn options_of(_: u32) -> Result<Options, Absent> {
    absent("pidfd_getfd")
}

pub(super) fn descriptors(_: u32) -> Result<Descriptors, Absent> {
    absent("procfs")
}

pub(super) fn icmp_errors(_: &Socket) -> Result<Vec<IcmpError>, Absent> {
    absent("the socket error queue")
}

pub(super) fn own(_: &Socket) -> Result<OwnSocket, Absent> {
    absent("SO_DOMAIN and SO_ACCEPTCONN")
}

pub(super) fn waiting(_: &Socket) -> Result<Waiting, Absent> {
    absent("a look at what waits")
}

pub(super) fn route_to(_: IpAddr) -> Result<Route, Absent> {
    absent("rtnetlink")
}

pub(super) fn addresses() -> Result<Vec<IpAddr>, Absent> {
    absent("rtnetlink")
}

pub(super) fn port_range() -> Result<PortRange, Absent> {
    absent("/proc/sys")
}

pub(super) fn unprivileged_from() -> Result<u16, Absent> {
    absent("/proc/sys")
}

pub(super) fn may_bind_low_ports() -> Result<bool, Absent> {
    absent("capabilities")
}

pub(super) fn counter(_: &str) -> Result<u64, Absent> {
    absent("/proc/net")
}

pub(super) fn lives(_: u32) -> Result<bool, Absent> {
    absent("procfs")
}

pub(super) fn is_open(_: i32) -> Result<bool, Absent> {
    absent("procfs")
}

pub(super) fn system() -> Option<String> {
    None
}

/// Not asked: what an administrator may do on these platforms is not one thing.
pub(super) fn is_root() -> bool {
    false
}
