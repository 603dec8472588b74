//! Why a request got no transform. The codes are part of the protocol: clients match on them.

use std::fmt;

/// A request, or a client, that the server does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The data is not UTF-8.
    NotUtf8 {
        /// Bytes before the first that is wrong.
        at: usize,
    },
    /// The data, or the reply to it, is longer than fits.
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The line did not end in time.
    TooSlow,
    /// As many clients as the server takes are connected.
    Busy,
}

impl Refusal {
    /// The word after `ERR`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotUtf8 { .. } => "not-utf8",
            Self::TooLong { .. } => "too-long",
            Self::TooSlow => "too-slow",
            Self::Busy => "busy",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 { at } => write!(f, "byte {} is not UTF-8", at + 1),
            Self::TooLong { limit } => write!(f, "more than {limit} bytes"),
            Self::TooSlow => f.write_str("the line did not end in time"),
            Self::Busy => f.write_str("too many connections"),
        }
    }
}
