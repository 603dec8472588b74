//! Facts read from the live system, each with its source. In JSON `{"source":…,"field":…,"value":…,"at":…}`.

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

/// One row of the kernel's socket table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocketRow {
    /// The socket's own address.
    pub local: SocketAddr,
    /// The other end; unspecified with port 0 where there is none.
    pub peer: SocketAddr,
    /// The state of the protocol machine, RFC 9293 §3.3.2.
    pub state: SocketState,
    /// Bytes not yet read, a FIN counting as one; for a listener the connections not yet accepted.
    pub recv_queue: u32,
    /// Bytes not yet acknowledged, a SYN or FIN counting as one; for a listener the backlog, after the kernel's clipping.
    pub send_queue: u32,
    /// The user who made the socket; 0 too where the kernel has forgotten it, as in `TIME_WAIT`.
    pub uid: u32,
    /// The socket's inode; 0 when no process holds it: what is left of a closed connection, or a connection that
    /// waits to be accepted.
    pub inode: u32,
    /// For `TIME_WAIT`, and `FIN_WAIT2` without an owner: how long the kernel will still keep it, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "optional_seconds")]
    pub expires: Option<Duration>,
    /// For IPv6 sockets that are not connected: whether they are closed to IPv4. A socket bound to one IPv6 address
    /// always is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v6only: Option<bool>,
    /// `TCP_INFO`, for sockets of a connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp: Option<TcpInfo>,
}

/// The states of a TCP socket as the kernel numbers them (`include/net/tcp_states.h`); UDP uses two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are RFC 9293's")]
pub enum SocketState {
    Established,
    SynSent,
    SynRecv,
    #[serde(rename = "FIN_WAIT1")]
    FinWait1,
    #[serde(rename = "FIN_WAIT2")]
    FinWait2,
    TimeWait,
    /// A UDP socket that is not connected.
    Unconnected,
    CloseWait,
    LastAck,
    Listen,
    Closing,
    /// A TCP socket that is bound and neither listens nor connects (Linux 6.8 and later show it).
    BoundInactive,
}

/// The part of `TCP_INFO` (tcp(7)) that tells causes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TcpInfo {
    /// Segments sent again over the life of the connection, SYNs among them.
    pub total_retransmissions: u32,
    /// Segments sent and not yet acknowledged.
    pub unacknowledged: u32,
    /// Payload bytes that the other kernel acknowledged.
    pub bytes_acknowledged: u64,
    /// Payload bytes that came in.
    pub bytes_received: u64,
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

impl SocketRow {
    /// Whether a process holds it: remains of closed connections have no inode.
    pub fn is_held(&self) -> bool {
        self.inode != 0
    }
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

impl fmt::Display for SocketState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Established => "ESTABLISHED",
            Self::SynSent => "SYN_SENT",
            Self::SynRecv => "SYN_RECV",
            Self::FinWait1 => "FIN_WAIT1",
            Self::FinWait2 => "FIN_WAIT2",
            Self::TimeWait => "TIME_WAIT",
            Self::Unconnected => "UNCONNECTED",
            Self::CloseWait => "CLOSE_WAIT",
            Self::LastAck => "LAST_ACK",
            Self::Listen => "LISTEN",
            Self::Closing => "CLOSING",
            Self::BoundInactive => "BOUND_INACTIVE",
        })
    }
}

impl fmt::Display for SocketRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.state, self.local)?;
        if self.peer.port() != 0 {
            write!(f, " → {}", self.peer)?;
        }
        if self.v6only == Some(false) {
            f.write_str(", IPv4 too")?;
        }
        match self.state {
            SocketState::Listen => write!(f, ", {} waiting, backlog {}", self.recv_queue, self.send_queue)?,
            SocketState::TimeWait | SocketState::BoundInactive => {}
            _ => write!(f, ", recv-queue {}, send-queue {}", self.recv_queue, self.send_queue)?,
        }
        if let Some(tcp) = self.tcp {
            write!(
                f,
                ", retransmitted {}, acked {}, received {}",
                tcp.total_retransmissions, tcp.bytes_acknowledged, tcp.bytes_received
            )?;
        }
        if let Some(expires) = self.expires {
            write!(f, ", {:.1} s left", expires.as_secs_f64())?;
        }
        if self.is_held() { write!(f, ", inode {}", self.inode) } else { f.write_str(", no owner") }
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

mod optional_seconds {
    use crate::failure::seconds;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::time::Duration;

    #[expect(clippy::ref_option, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(
        value: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(duration) => seconds::serialize(duration, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        let value = Option::<f64>::deserialize(deserializer)?;
        value.map(Duration::try_from_secs_f64).transpose().map_err(serde::de::Error::custom)
    }
}
