//! Facts read from the live system, each with its source. In JSON `{"source":…,"field":…,"value":…,"at":…}`.

use super::SocketRow;
use crate::failure::{Protocol, seconds};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// One fact, where it was read, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it was read.
    pub source: Source,
    /// When, since the start of the trace, in seconds.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// What it says.
    #[serde(flatten)]
    pub fact: Fact,
}

/// The readers of the live system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// Linux `NETLINK_SOCK_DIAG`, `sock_diag(7)`: the kernel's own socket table.
    #[serde(rename = "sock_diag")]
    SockDiag,
    /// Linux `/proc`, proc(5).
    #[serde(rename = "procfs")]
    Procfs,
    /// The socket's error queue, `MSG_ERRQUEUE`, ip(7).
    #[serde(rename = "error_queue")]
    ErrorQueue,
    /// A socket call that was made only to look, such as a trial bind.
    #[serde(rename = "probe")]
    Probe,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "field", content = "value", rename_all = "kebab-case")]
pub enum Fact {
    /// Every socket of this network namespace whose local or peer port is `port`: the complete answer to one
    /// question, so an empty list proves absence.
    Sockets {
        /// Which table was asked.
        protocol: Protocol,
        /// The port that was asked for.
        port: u16,
        /// Both families, every state.
        rows: Vec<SocketRow>,
    },
    /// The process that holds the socket with this inode.
    Holder(Process),
    /// A socket that is held, though by no process that this user may see.
    HiddenHolder {
        /// The user who owns the socket.
        uid: u32,
        /// The socket's inode; never 0.
        inode: u32,
    },
    /// Everything in the error queue of a socket that talked to `peer`; an empty list says that no ICMP error came.
    IcmpErrors {
        /// The other end.
        peer: SocketAddr,
        /// In the order in which they came.
        errors: Vec<IcmpError>,
    },
    /// A port that another transport has free.
    PortFree {
        /// The transport.
        protocol: Protocol,
        /// The address that a bind would get.
        address: SocketAddr,
    },
}

/// A process that holds a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its process id.
    pub pid: u32,
    /// Its command line.
    pub command: String,
    /// The user it runs as.
    pub uid: u32,
    /// How long it has been running, in seconds.
    #[serde(with = "seconds")]
    pub running: Duration,
    /// The inode by which the socket was found.
    pub inode: u32,
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

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SockDiag => "sock_diag",
            Self::Procfs => "procfs",
            Self::ErrorQueue => "error queue",
            Self::Probe => "probe",
        })
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

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sockets { protocol, port, rows } => {
                write!(f, "{protocol} sockets on port {port}: ")?;
                list(f, rows, "none")
            }
            Self::Holder(process) => write!(
                f,
                "inode {} is held by pid {} ({}), uid {}, running {}",
                process.inode,
                process.pid,
                process.command,
                process.uid,
                humantime::format_duration(Duration::from_secs(process.running.as_secs()))
            ),
            Self::HiddenHolder { uid, inode } => {
                write!(f, "inode {inode} of uid {uid} is held by no process that this user may see")
            }
            Self::IcmpErrors { peer, errors } => {
                write!(f, "for packets to {peer}: ")?;
                list(f, errors, "no ICMP error")
            }
            Self::PortFree { protocol, address } => write!(f, "{protocol} {address} can be bound"),
        }
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T], none: &str) -> fmt::Result {
    let Some((first, rest)) = items.split_first() else { return f.write_str(none) };
    write!(f, "{first}")?;
    rest.iter().try_for_each(|item| write!(f, "; {item}"))
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.fact)
    }
}
