//! Which operation on which address failed, and with which error: never a bare `io::Error`.
//! Knows errno names and numbers on every platform; knows nothing of why.

mod errno;
mod table;
mod why;

pub use errno::{Code, Errno, Platform};
pub use table::{RESOLVER, TABLE};
pub use why::{Refusal, Why};

use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// A socket call, under the name of its man page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// socket(2)
    Socket,
    /// setsockopt(2)
    #[serde(rename = "setsockopt")]
    SetOption,
    /// bind(2)
    Bind,
    /// listen(2)
    Listen,
    /// accept(2)
    Accept,
    /// connect(2)
    Connect,
    /// send(2) or sendto(2)
    Send,
    /// recv(2) or recvfrom(2)
    #[serde(rename = "recv")]
    Receive,
    /// shutdown(2)
    Shutdown,
    /// close(2)
    Close,
    /// getaddrinfo(3)
    #[serde(rename = "getaddrinfo")]
    Resolve,
    /// A question to a name server, RFC 1035: several calls, taken for one.
    Query,
}

impl Op {
    /// Every call.
    pub const ALL: &[Self] = &[
        Self::Socket,
        Self::SetOption,
        Self::Bind,
        Self::Listen,
        Self::Accept,
        Self::Connect,
        Self::Send,
        Self::Receive,
        Self::Shutdown,
        Self::Close,
        Self::Resolve,
        Self::Query,
    ];

    /// The name of the call.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Socket => "socket",
            Self::SetOption => "setsockopt",
            Self::Bind => "bind",
            Self::Listen => "listen",
            Self::Accept => "accept",
            Self::Connect => "connect",
            Self::Send => "send",
            Self::Receive => "recv",
            Self::Shutdown => "shutdown",
            Self::Close => "close",
            Self::Resolve => "getaddrinfo",
            Self::Query => "query",
        }
    }
}

/// The transport of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// A byte stream, RFC 9293.
    Tcp,
    /// Datagrams, RFC 768.
    Udp,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        })
    }
}

/// One call on one socket: what was asked of the kernel, and between which addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The call.
    pub op: Op,
    /// The socket's transport.
    pub protocol: Protocol,
    /// The socket's own address, or the one it asked for in `bind`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<SocketAddr>,
    /// The other end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<SocketAddr>,
    /// How many bytes it was asked to send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<usize>,
}

impl Call {
    /// A call of which no address is known.
    pub const fn new(op: Op, protocol: Protocol) -> Self {
        Self { op, protocol, local: None, peer: None, asked: None }
    }

    /// The address that the call is about: the peer, except for calls on the own address.
    pub fn address(&self) -> Option<SocketAddr> {
        match self.op {
            Op::Bind | Op::Listen | Op::Accept => self.local,
            _ => self.peer.or(self.local),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.op.name(), self.protocol)?;
        match self.address() {
            Some(address) => write!(f, " {address}"),
            None => Ok(()),
        }
    }
}

/// A call that failed: which one, between which addresses, why, and after how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The call that failed.
    #[serde(flatten)]
    pub call: Call,
    /// Why.
    #[serde(flatten)]
    pub why: Why,
    /// From the start of the call to its failure, in seconds.
    #[serde(with = "seconds")]
    pub elapsed: Duration,
}

impl Failure {
    /// The failure that an `io::Error` of `call` stands for. An error that carries no OS code is the program's
    /// own limit when it is a time-out, else the end of the stream.
    pub fn of(call: Call, error: &io::Error, limit: Option<Duration>, elapsed: Duration) -> Self {
        let why = match error.raw_os_error() {
            Some(code) => Why::Errno(Errno::here(code)),
            None if error.kind() == io::ErrorKind::TimedOut => {
                Why::Deadline { limit: limit.unwrap_or(elapsed) }
            }
            None => Why::Closed,
        };
        Self { call, why, elapsed }
    }

    /// The errno, when the operating system gave one.
    pub fn errno(&self) -> Option<&Errno> {
        match &self.why {
            Why::Errno(errno) => Some(errno),
            _ => None,
        }
    }

    /// Whether the errno has this symbolic name (`"EADDRINUSE"`), on whichever platform it was seen.
    pub fn is(&self, name: &str) -> bool {
        self.errno().is_some_and(|errno| errno.name == name)
    }

    /// Whether a number is that of the errno of this name on this platform.
    pub fn code_is(code: i32, name: &str) -> bool {
        Errno::here(code).name == name
    }

    /// Whether a wait ended without an answer: an own deadline, `SO_RCVTIMEO`/`SO_SNDTIMEO` (EAGAIN on Unix,
    /// `WSAETIMEDOUT` on Windows) or the kernel's ETIMEDOUT.
    pub fn is_timeout(&self) -> bool {
        matches!(self.why, Why::Deadline { .. }) || self.is("ETIMEDOUT") || self.is("EAGAIN")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.call)?;
        write!(f, "{}", self.why)
    }
}

impl std::error::Error for Failure {}

/// Durations in JSON: seconds as a number, so that scripts can compare them.
pub mod seconds {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::time::Duration;

    /// Writes microsecond precision.
    pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = u32::try_from(duration.as_secs()).unwrap_or(u32::MAX);
        serializer.serialize_f64((f64::from(whole) * 1e6 + f64::from(duration.subsec_micros())) / 1e6)
    }

    /// Reads a non-negative number of seconds.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        let seconds = f64::deserialize(deserializer)?;
        Duration::try_from_secs_f64(seconds).map_err(serde::de::Error::custom)
    }
}
