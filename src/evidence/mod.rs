//! Readers of the live system. Each gives facts with their source; none changes anything.
//! Where a platform shows nothing, [`Absent`] says what is missing and why.

#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod linux;
#[cfg(all(target_os = "linux", not(netfault_blind)))]
use linux as platform;
#[cfg(not(all(target_os = "linux", not(netfault_blind))))]
mod other;
#[cfg(not(all(target_os = "linux", not(netfault_blind))))]
use other as platform;

mod eyes;
mod host;

pub use eyes::{Eyes, rows_of};
pub use host::host;

use crate::failure::Protocol;
use crate::trace::{Fact, Source};
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// Bytes as a kernel might send them, for `fuzz/`: whatever they are, they are read or refused.
#[cfg(all(fuzzing, target_os = "linux", not(netfault_blind)))]
pub use linux::read_any_bytes;

/// Evidence that this platform, or this user, cannot give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// What it would need, such as `Linux (sock_diag)`.
    pub needs: String,
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "needs {}", self.needs)
    }
}

/// Every socket of this network namespace whose local port or peer port this is, in both families and every
/// state, with `TCP_INFO` for connections: both ends of a connection on this host are there. Linux before 6.8 leaves
/// out TCP sockets that are only bound.
pub fn sockets(protocol: Protocol, port: u16) -> Result<(Source, Fact), Absent> {
    let rows = platform::sockets(protocol, port)?;
    Ok((Source::SockDiag, Fact::Sockets { protocol, port, rows }))
}

/// Whether [`sockets`] has sockets that are only bound.
pub fn bound_sockets() -> Result<(Source, Fact), Absent> {
    Ok((Source::Procfs, Fact::BoundSockets { shown: platform::shows_bound_sockets()? }))
}

/// Who holds the socket with this inode. `uid` is the owner that the socket table names, for when the process
/// is another user's. Nobody holds inode 0, so there is no answer to it.
pub fn holder(inode: u32, uid: u32) -> Result<(Source, Fact), Absent> {
    if inode == 0 {
        return Err(Absent { needs: "a socket that a process holds".into() });
    }
    Ok(match platform::process_with_inode(inode)? {
        Some(process) => (Source::Procfs, Fact::Holder(process)),
        None => (Source::SockDiag, Fact::HiddenHolder { uid, inode }),
    })
}

/// The sockets on a port of which the platform tells who holds them; asked where [`sockets`] gives nothing.
pub fn listed(protocol: Protocol, port: u16) -> Result<Vec<(Source, Fact)>, Absent> {
    Ok(platform::listed(protocol, port)?.into_iter().map(|fact| (Source::Listeners, fact)).collect())
}

/// Options that the holder of the socket with this inode set on it. Needs the right to trace that process: the same
/// user where ptrace(2) is open to it, or root.
pub fn options(inode: u32) -> Result<(Source, Fact), Absent> {
    if inode == 0 {
        return Err(Absent { needs: "a socket that a process holds".into() });
    }
    Ok((Source::PidfdGetfd, Fact::Options(platform::options_of(inode)?)))
}

/// How many descriptors a process has open, and how many it may have.
pub fn descriptors(pid: u32) -> Result<(Source, Fact), Absent> {
    Ok((Source::Procfs, Fact::Descriptors(platform::descriptors(pid)?)))
}

/// Takes every ICMP error out of the error queue of `socket`, which talked to `peer` and must have been told to
/// keep them. That also clears the errno which the next call on the socket would report, so the call comes first.
pub fn icmp_errors(socket: &socket2::Socket, peer: SocketAddr) -> Result<(Source, Fact), Absent> {
    Ok((Source::ErrorQueue, Fact::IcmpErrors { peer, errors: platform::icmp_errors(socket)? }))
}

/// What a socket of this program says of itself.
pub fn own_socket(socket: &socket2::Socket) -> Result<(Source, Fact), Absent> {
    Ok((Source::Getsockopt, Fact::OwnSocket(platform::own(socket)?)))
}

/// What waits in `socket` to be read; it stays there. Waits as long as the socket does for the first byte.
pub fn waiting(socket: &socket2::Socket) -> Result<(Source, Fact), Absent> {
    Ok((Source::Probe, Fact::Waiting(platform::waiting(socket)?)))
}

/// Where packets to `to` go. Nothing is sent.
pub fn route(to: IpAddr) -> Result<(Source, Fact), Absent> {
    Ok((Source::Rtnetlink, Fact::Route { to, route: platform::route_to(to)? }))
}

/// The addresses of this host's interfaces, getifaddrs(3).
pub fn addresses() -> Result<(Source, Fact), Absent> {
    Ok((Source::Rtnetlink, Fact::Addresses(platform::addresses()?)))
}

/// The ports that the kernel gives out by itself.
pub fn port_range() -> Result<(Source, Fact), Absent> {
    Ok((Source::Procfs, Fact::PortRange(platform::port_range()?)))
}

/// From which port on everybody may bind.
pub fn unprivileged_ports() -> Result<(Source, Fact), Absent> {
    Ok((Source::Procfs, Fact::UnprivilegedPorts { from: platform::unprivileged_from()? }))
}

/// Whether the calling thread may bind ports below that one.
pub fn port_privilege() -> Result<(Source, Fact), Absent> {
    let effective = platform::may_bind_low_ports()?;
    Ok((Source::Procfs, Fact::Capability { name: "CAP_NET_BIND_SERVICE".into(), effective }))
}

/// Whether a process is there still. That it is not says nothing of how it ended.
pub fn process(pid: u32) -> Result<(Source, Fact), Absent> {
    let fact = if platform::lives(pid)? { Fact::Lives { pid } } else { Fact::Ended { pid, signal: None } };
    Ok((Source::Procfs, fact))
}

/// Whether the number is that of an open descriptor of this process.
pub fn descriptor(number: i32) -> Result<(Source, Fact), Absent> {
    Ok((Source::Procfs, Fact::Descriptor { number, open: platform::is_open(number)? }))
}

/// A counter of this network namespace, and what it shows now. Everybody in the namespace makes it rise.
#[derive(Clone, Debug)]
pub struct Counter {
    name: &'static str,
    began: u64,
}

impl Counter {
    /// Begins to count. The names are nstat(8)'s without their group, such as `ListenOverflows`.
    pub fn start(name: &'static str) -> Result<Self, Absent> {
        Ok(Self { name, began: platform::counter(name)? })
    }

    /// How far it rose since.
    pub fn read(&self) -> Result<(Source, Fact), Absent> {
        let times = platform::counter(self.name)?.saturating_sub(self.began);
        Ok((Source::Procfs, Fact::Counted { counter: self.name.to_owned(), times }))
    }
}
