//! From a name to its addresses: the hosts file, then name servers on the wire, then what the system says. The messages
//! of DNS (RFC 1035) are hickory-proto's; the sockets are ours, so that each call is recorded.
//!
//! What strangers can send is bounded: a reply counts only when it comes from the address that was asked, with the number
//! and the question of what was asked (RFC 5452); aliases end, streams end, and waiting does.

mod ask;
mod find;
mod gather;
mod hosts;
mod message;
mod order;
mod rounds;
mod sys;
mod system;
mod wire;

pub use ask::{Answer, Asking, ask};
pub use find::{Families, Settings, find};
pub use hosts::hosts;
pub use message::Reply;
#[cfg(fuzzing)]
pub use message::read_any_bytes;
pub use sys::servers;
pub use system::{beside, in_turns, resolve};
pub use wire::over_udp;

use hickory_proto::rr::{Name, RecordType};

/// What a name is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
}

impl Kind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::A, Self::Aaaa];

    /// As zone files have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
        }
    }

    const fn record(self) -> RecordType {
        match self {
            Self::A => RecordType::A,
            Self::Aaaa => RecordType::AAAA,
        }
    }
}

/// A name as it is asked for; tells why when it cannot be one.
pub fn name(text: &str) -> Result<Name, String> {
    let mut name = Name::from_utf8(text).map_err(|error| error.to_string())?;
    name.set_fqdn(true);
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_or_says_why_not() {
        assert_eq!(name("example.test").unwrap().to_string(), "example.test.");
        assert!(name(&"a".repeat(64)).is_err());
    }
}
