//! Why a call did not do what was asked: the operating system's reason, or the program's own.

use super::{Errno, seconds};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// Why a call did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "lowercase")]
pub enum Why {
    /// The operating system said so.
    Errno(Errno),
    /// The program's own limit ran out; the kernel reported no error.
    Deadline {
        /// The limit.
        #[serde(with = "seconds")]
        limit: Duration,
    },
    /// The other end closed the stream where more was expected (a read of 0 bytes).
    Closed,
    /// The connection leads back to the very socket that asked for it: the kernel had given it the port that it
    /// asked for (simultaneous open, RFC 9293 §3.5), and nothing listens there.
    #[serde(rename = "self-connected")]
    SelfConnected,
    /// More bytes came than the program takes.
    #[serde(rename = "too-long")]
    TooLong {
        /// The most it takes.
        most: usize,
    },
    /// The bytes that came are not UTF-8.
    #[serde(rename = "not-utf8")]
    NotUtf8,
    /// Fewer bytes came than were sent as one message.
    Partial {
        /// What the call gave.
        got: usize,
        /// What the message has.
        wanted: usize,
    },
    /// An answer came that only another program can have given.
    Stranger {
        /// What the program that was meant would have answered.
        wanted: String,
        /// What came.
        got: String,
    },
    /// The resolver has no address for a name; it gives no errno, getaddrinfo(3).
    Unresolved {
        /// The name.
        name: String,
        /// The resolver's own text.
        message: String,
    },
    /// What came is not HTTP/1.1 as RFC 9112 has it.
    #[serde(rename = "not-http")]
    NotHttp {
        /// What is wrong with it.
        said: String,
    },
    /// The body of a response ended before its end, RFC 9112 §8.
    #[serde(rename = "short-body")]
    ShortBody {
        /// The bytes that came.
        got: u64,
        /// The bytes that were announced; `None` when the body came in chunks.
        wanted: Option<u64>,
    },
    /// The response has a status that is no success, RFC 9110 §15.
    Status {
        /// The status code.
        code: u16,
    },
    /// One redirection led to another, and no page came of it, RFC 9110 §15.4.
    Redirected {
        /// How many were followed.
        times: usize,
        /// Whether the last one leads to where it had been already.
        circle: bool,
    },
    /// The content is not what its encoding says, or a character set has no such bytes.
    Undecodable {
        /// What is wrong with it.
        said: String,
    },
    /// The TLS handshake came to no end that both sides agreed on, RFC 8446.
    Tls {
        /// What kept it from that.
        refusal: Refusal,
        /// The TLS library's own text.
        said: String,
    },
}

/// What keeps two sides from a TLS connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The certificate's time is over.
    Expired,
    /// The certificate's time has not come yet.
    NotYetValid,
    /// The certificate is for other names.
    WrongName,
    /// Nobody here knows who signed the certificate.
    UnknownIssuer,
    /// The certificate is signed by itself, and nobody here knows it.
    SelfSigned,
    /// Something else is the matter with the certificate.
    Certificate,
    /// The other end does not speak TLS.
    NotTls,
    /// The other end closed during the handshake.
    Closed,
    /// The other end refused, by an alert.
    Alert,
    /// The two sides have no version or cipher in common.
    NothingInCommon,
    /// Anything else.
    Other,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Errno(errno) => write!(f, "{errno}"),
            Self::Deadline { limit } => {
                // Nobody means the last microseconds of a limit that was shared out.
                let whole = Duration::from_millis(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
                let shown = if whole.is_zero() { *limit } else { whole };
                write!(f, "no answer within {}", humantime::format_duration(shown))
            }
            Self::Closed => write!(f, "closed by the other end"),
            Self::SelfConnected => write!(f, "connected to itself; nothing listens there"),
            Self::TooLong { most } => write!(f, "more than {most} bytes came"),
            Self::NotUtf8 => write!(f, "the bytes are not UTF-8"),
            Self::Partial { got, wanted } => write!(f, "{got} of {wanted} bytes came"),
            Self::Stranger { wanted, got } => write!(f, "{got:?} came and not {wanted:?}"),
            Self::Unresolved { name, message } => write!(f, "no address for {name}: {message}"),
            Self::NotHttp { said } => write!(f, "no HTTP came: {said}"),
            Self::ShortBody { got, wanted: Some(wanted) } => {
                write!(f, "the body ended after {got} of {wanted} bytes")
            }
            Self::ShortBody { got, wanted: None } => {
                write!(f, "the body ended after {got} bytes, before its last chunk")
            }
            Self::Status { code } => write!(f, "the server answers with status {code}"),
            Self::Redirected { times, circle: true } => {
                write!(f, "the redirections lead in a circle ({times} followed)")
            }
            Self::Redirected { times, circle: false } => {
                write!(f, "there are more redirections than the {times} that are followed")
            }
            Self::Undecodable { said } => write!(f, "the content cannot be decoded: {said}"),
            Self::Tls { said, .. } => write!(f, "no TLS connection: {said}"),
        }
    }
}
