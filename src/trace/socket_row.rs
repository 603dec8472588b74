//! Rows of the kernel's socket table.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

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
    /// The cgroup (version 2) in which the socket was made, by the inode of its directory; Linux 5.9 shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cgroup: Option<u64>,
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
    /// Probes since the other end last answered: of keepalive, or of its closed window.
    #[serde(default)]
    pub probes: u8,
    /// Times that a segment was sent again since the other end last acknowledged anything new.
    #[serde(default)]
    pub repeats: u8,
}

impl SocketRow {
    /// Whether a process holds it: remains of closed connections have no inode.
    pub fn is_held(&self) -> bool {
        self.inode != 0
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
            if tcp.probes > 0 {
                write!(f, ", unanswered probes {}", tcp.probes)?;
            }
        }
        if let Some(expires) = self.expires {
            write!(f, ", {:.1} s left", expires.as_secs_f64())?;
        }
        if self.is_held() { write!(f, ", inode {}", self.inode) } else { f.write_str(", no owner") }
    }
}

impl SocketState {
    /// Every state.
    pub const ALL: &[Self] = &[
        Self::Established,
        Self::SynSent,
        Self::SynRecv,
        Self::FinWait1,
        Self::FinWait2,
        Self::TimeWait,
        Self::Unconnected,
        Self::CloseWait,
        Self::LastAck,
        Self::Listen,
        Self::Closing,
        Self::BoundInactive,
    ];

    /// The name in reports and files.
    pub const fn name(self) -> &'static str {
        match self {
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
        }
    }
}

impl fmt::Display for SocketState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(state: SocketState, local: &str) -> SocketRow {
        SocketRow {
            local: local.parse().unwrap(),
            peer: "0.0.0.0:0".parse().unwrap(),
            state,
            recv_queue: 2,
            send_queue: 1,
            uid: 1000,
            inode: 7,
            expires: None,
            v6only: None,
            cgroup: None,
            tcp: None,
        }
    }

    fn time_wait() -> SocketRow {
        let expires = Some(Duration::from_millis(58_250));
        let peer = "127.0.0.1:4000".parse().unwrap();
        SocketRow { peer, expires, inode: 0, uid: 0, ..row(SocketState::TimeWait, "127.0.0.1:80") }
    }

    #[test]
    fn a_row_reads_as_what_it_means() {
        let listener = SocketRow { v6only: Some(false), ..row(SocketState::Listen, "[::]:80") };
        assert_eq!(listener.to_string(), "LISTEN [::]:80, IPv4 too, 2 waiting, backlog 1, inode 7");
        let udp = row(SocketState::Unconnected, "127.0.0.1:80");
        assert_eq!(udp.to_string(), "UNCONNECTED 127.0.0.1:80, recv-queue 2, send-queue 1, inode 7");
        assert_eq!(time_wait().to_string(), "TIME_WAIT 127.0.0.1:80 → 127.0.0.1:4000, 58.2 s left, no owner");
    }

    #[test]
    fn a_row_is_read_back_from_json_as_it_was() {
        let tcp = TcpInfo {
            total_retransmissions: 1,
            unacknowledged: 2,
            bytes_acknowledged: u64::MAX,
            bytes_received: 4,
            probes: 3,
            repeats: 1,
        };
        let connection = SocketRow { tcp: Some(tcp), ..row(SocketState::FinWait2, "127.0.0.1:80") };
        for row in [time_wait(), connection] {
            let json = serde_json::to_string(&row).unwrap();
            assert_eq!(serde_json::from_str::<SocketRow>(&json).unwrap(), row, "{json}");
        }
    }
}
