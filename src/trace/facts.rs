//! What the readers of the live system give: the parts of a [`super::Fact`].

use crate::failure::seconds;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// A process that holds a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its process id.
    pub pid: u32,
    /// Its command line.
    pub command: String,
    /// The user it runs as.
    pub uid: u32,
    /// Its scheduling state as proc(5) has it: `R` running, `S` sleeping, `D` in the kernel, `T` stopped, …
    pub state: char,
    /// How long it has been running, in seconds.
    #[serde(with = "seconds")]
    pub running: Duration,
    /// The inode by which the socket was found.
    pub inode: u32,
}

/// Options that another program set on a socket, read from the socket itself by `pidfd_getfd(2)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// The socket's inode.
    pub inode: u32,
    /// `SO_REUSEADDR`, socket(7).
    pub reuse_address: bool,
    /// `SO_REUSEPORT`, socket(7).
    pub reuse_port: bool,
    /// `SO_LINGER` with a time of 0: closing sends a RST.
    pub resets_on_close: bool,
}

/// What a socket says of itself: getsockname(2), getpeername(2), `SO_DOMAIN`, `SO_ACCEPTCONN`, `O_NONBLOCK` and
/// the options that share addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct OwnSocket {
    /// Whether it is of the family `AF_INET6`, else `AF_INET`.
    pub is_ipv6: bool,
    /// The address it is bound to.
    pub local: Option<SocketAddr>,
    /// The address it is connected to.
    pub peer: Option<SocketAddr>,
    /// Whether it listens.
    pub listening: bool,
    /// Whether its calls return at once instead of waiting.
    pub nonblocking: bool,
    /// `SO_REUSEADDR`.
    pub reuse_address: bool,
    /// `SO_REUSEPORT`.
    pub reuse_port: bool,
}

/// What the kernel would do with a packet, as `RTM_GETROUTE` of rtnetlink(7) answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Route {
    /// The address is this host's own.
    Local,
    /// The packet leaves through an interface.
    Unicast {
        /// The interface's name.
        interface: Option<String>,
        /// The router; `None` when the address is on the interface's own network.
        gateway: Option<IpAddr>,
        /// The source address that the kernel would choose.
        source: Option<IpAddr>,
    },
    /// The address is for several hosts: broadcast, multicast or anycast.
    Shared,
    /// The packet goes nowhere; the errno is what a connect would get.
    None {
        /// Its name.
        errno: String,
    },
}

/// Bytes that wait in a socket to be read, looked at with `MSG_PEEK`, recv(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The socket's own address.
    pub local: SocketAddr,
    /// How many: of a datagram socket those of the next datagram.
    pub bytes: usize,
    /// Where the first byte stands with which they stop being UTF-8.
    pub not_utf8_at: Option<usize>,
}

/// How many descriptors a process has open, and how many it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptors {
    /// The process.
    pub pid: u32,
    /// Open ones.
    pub open: u64,
    /// Its soft `RLIMIT_NOFILE`, getrlimit(2).
    pub limit: u64,
}

/// The local ports that the kernel gives out by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortRange {
    /// The first.
    pub first: u16,
    /// The last.
    pub last: u16,
    /// Those in between that it keeps back (`net.ipv4.ip_local_reserved_ports`).
    pub reserved: Vec<u16>,
}

/// One ICMP error that the kernel put into a socket's error queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IcmpError {
    /// The errno the kernel made of it.
    pub code_on_socket: i32,
    /// ICMP type (RFC 792) or `ICMPv6` type (RFC 4443).
    #[serde(rename = "type")]
    pub kind: u8,
    /// Its code.
    pub code: u8,
    /// Who sent it.
    pub offender: Option<IpAddr>,
}

impl PortRange {
    /// The ports that it holds.
    pub fn ports(&self) -> impl Iterator<Item = u16> {
        (self.first..=self.last).filter(|port| !self.reserved.contains(port))
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let running = humantime::format_duration(Duration::from_secs(self.running.as_secs()));
        write!(f, "pid {} ({}), uid {}, running {running}", self.pid, self.command, self.uid)?;
        match self.state {
            'T' | 't' => f.write_str(", stopped"),
            'D' => f.write_str(", waiting in the kernel"),
            'Z' => f.write_str(", ended"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = |on| if on { "on" } else { "off" };
        write!(f, "SO_REUSEADDR {}, SO_REUSEPORT {}", on(self.reuse_address), on(self.reuse_port))?;
        if self.resets_on_close { f.write_str(", SO_LINGER 0") } else { Ok(()) }
    }
}

impl fmt::Display for OwnSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_ipv6 { "AF_INET6" } else { "AF_INET" })?;
        match self.local {
            Some(local) => write!(f, ", bound to {local}")?,
            None => f.write_str(", not bound")?,
        }
        match self.peer {
            Some(peer) => write!(f, ", connected to {peer}")?,
            None if self.listening => f.write_str(", listening")?,
            None => f.write_str(", not connected")?,
        }
        let set = [
            (self.nonblocking, "non-blocking"),
            (self.reuse_address, "SO_REUSEADDR"),
            (self.reuse_port, "SO_REUSEPORT"),
        ];
        set.iter().filter(|(on, _)| *on).try_for_each(|(_, name)| write!(f, ", {name}"))
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local => f.write_str("an address of this host"),
            Self::Unicast { interface, gateway, source } => {
                write!(f, "through {}", interface.as_deref().unwrap_or("an interface without a name"))?;
                match gateway {
                    Some(gateway) => write!(f, ", router {gateway}")?,
                    None => f.write_str(", on its own network")?,
                }
                source.map_or(Ok(()), |source| write!(f, ", from {source}"))
            }
            Self::Shared => f.write_str("an address of several hosts (broadcast, multicast, anycast)"),
            Self::None { errno } => write!(f, "no way there: {errno}"),
        }
    }
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes wait to be read at {}", self.bytes, self.local)?;
        self.not_utf8_at.map_or(Ok(()), |at| write!(f, ", no UTF-8 from byte {at} on"))
    }
}

impl fmt::Display for Descriptors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {} has {} descriptors open and may have {}", self.pid, self.open, self.limit)
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.first, self.last)?;
        match self.reserved.len() {
            0 => Ok(()),
            some => write!(f, " without {some} reserved"),
        }
    }
}

impl fmt::Display for IcmpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version =
            if self.offender.is_some_and(|offender| offender.is_ipv6()) { "ICMPv6" } else { "ICMP" };
        write!(f, "{version} type {} code {}", self.kind, self.code)?;
        self.offender.map_or(Ok(()), |offender| write!(f, " from {offender}"))
    }
}
