//! The ids that join everything: a [`Fault`] is *family/cause*, and the same stem names its file under
//! `src/reproduce/faults/`, its page under `knowledge/` and its argument on the command line.
//! Holds no prose: what a user reads about a fault is in the catalogue.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! catalogue {
    ($( $(#[$fdoc:meta])* $family:ident $fid:literal { $( $(#[$doc:meta])* $cause:ident $cid:literal, )+ } )+) => {
        /// What went wrong, as the errno tells it: the first half of a fault id.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Family { $( $(#[$fdoc])* $family, )+ }

        /// What went wrong and why: `family/cause`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault { $( $( $(#[$doc])* $cause, )+ )+ }

        impl Family {
            /// Every family, in the order in which reports list them.
            pub const ALL: &[Self] = &[$( Self::$family, )+];

            /// The id as the command line writes it.
            pub const fn id(self) -> &'static str {
                match self { $( Self::$family => $fid, )+ }
            }
        }

        impl Fault {
            /// Every fault this build can make happen, family by family.
            pub const ALL: &[Self] = &[$( $( Self::$cause, )+ )+];

            /// The id as the command line writes it.
            pub const fn id(self) -> &'static str {
                match self { $( $( Self::$cause => concat!($fid, "/", $cid), )+ )+ }
            }

            /// The first half of the id.
            pub const fn family(self) -> Family {
                match self { $( $( Self::$cause => Family::$family, )+ )+ }
            }
        }
    };
}

catalogue! {
    /// A wait that ended without an answer.
    Timeout "timeout" {
        /// The accept queue is full and the kernel drops SYNs.
        BacklogFull "backlog-full",
        /// The request was taken, no reply came.
        ReadSilence "read-silence",
        /// A datagram was sent, nothing came back, not even ICMP.
        UdpSilence "udp-silence",
        /// The handshake works, the program never accepts while others wait.
        StuckAccept "stuck-accept",
    }
    /// A connect or datagram that was answered with "no".
    ConnectionRefused "connection-refused" {
        /// Nothing listens on the port, in any family, on any address.
        NoListener "no-listener",
        /// A listener on that port exists, in the other IP family only.
        WrongFamily "wrong-family",
        /// The server comes up while the client tries.
        NotYetListening "not-yet-listening",
        /// ICMP port unreachable, seen by a connected UDP socket.
        UdpPortUnreachable "udp-port-unreachable",
    }
    /// A bind (or listen) on an address that something still holds.
    AddressInUse "address-in-use" {
        /// The same address and port is listened on.
        LiveListener "live-listener",
        /// Only the remains of closed connections hold the port.
        TimeWait "time-wait",
        /// One side is a wildcard and overlaps the other.
        WildcardOverlap "wildcard-overlap",
        /// Two UDP sockets, one port.
        Udp "udp",
    }
}

impl Family {
    /// The faults of this family, in catalogue order.
    pub fn faults(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |fault| fault.family() == self)
    }

    /// Other words that a user may give for it: the errno and the everyday name.
    pub const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Timeout => &["time-out", "timed-out", "ETIMEDOUT"],
            Self::ConnectionRefused => &["refused", "ECONNREFUSED"],
            Self::AddressInUse => &["in-use", "EADDRINUSE"],
        }
    }
}

impl Fault {
    /// The second half of the id.
    pub fn cause(self) -> &'static str {
        self.id().split_once('/').map_or(self.id(), |(_, cause)| cause)
    }
}

/// What a name on the command line can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// One fault.
    Fault(Fault),
    /// All faults of a family.
    Family(Family),
}

/// A name that is neither a fault nor a family nor an alias of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The name as given.
    pub given: String,
    /// The id or alias that is spelled most like it, if any is near.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no fault or family is named {:?}", self.given)?;
        match self.nearest {
            Some(nearest) => write!(f, "; the nearest is {nearest}"),
            None => f.write_str("; `netfault reproduce --list` shows all"),
        }
    }
}

impl std::error::Error for UnknownName {}

impl FromStr for Named {
    type Err = UnknownName;

    fn from_str(given: &str) -> Result<Self, UnknownName> {
        let wanted = given.trim().trim_end_matches('/');
        let is = |name: &str| name.eq_ignore_ascii_case(wanted);
        if let Some(fault) = Fault::ALL.iter().find(|fault| is(fault.id())) {
            return Ok(Self::Fault(*fault));
        }
        if let Some(family) = Family::ALL
            .iter()
            .find(|family| is(family.id()) || family.aliases().iter().any(|alias| is(alias)))
        {
            return Ok(Self::Family(*family));
        }
        Err(UnknownName { given: given.to_owned(), nearest: nearest(wanted, spellings()).first().copied() })
    }
}

/// Every spelling by which a fault or a family may be named, each with the id that it stands for.
pub fn spellings() -> impl Iterator<Item = (&'static str, &'static str)> {
    let causes = Fault::ALL.iter().map(|fault| (fault.cause(), fault.id()));
    let ids = Fault::ALL.iter().map(|fault| (fault.id(), fault.id()));
    let families = Family::ALL.iter().flat_map(|family| {
        std::iter::once((family.id(), family.id()))
            .chain(family.aliases().iter().map(|alias| (*alias, family.id())))
    });
    ids.chain(causes).chain(families)
}

/// What `wanted` may have been meant to be, the nearest spelling first; a third of the letters may be wrong.
/// `spellings` are pairs of a spelling and what it stands for.
pub fn nearest<'a>(
    wanted: &str,
    spellings: impl Iterator<Item = (&'a str, &'static str)>,
) -> Vec<&'static str> {
    let wanted = wanted.to_lowercase();
    let mut near: Vec<(usize, &str)> = spellings
        .map(|(spelling, id)| {
            (strsim::damerau_levenshtein(&wanted, &spelling.to_lowercase()), spelling.len(), id)
        })
        .filter(|(distance, length, _)| *distance * 3 <= *length)
        .map(|(distance, _, id)| (distance, id))
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    let mut ids = Vec::new();
    for (_, id) in near {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

macro_rules! as_id {
    ($($kind:ident),+) => { $(
        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.id())
            }
        }

        impl Serialize for $kind {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }

        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let id = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::ALL
                    .iter()
                    .copied()
                    .find(|known| known.id() == id)
                    .ok_or_else(|| serde::de::Error::custom(format!("unknown id {id:?}")))
            }
        }
    )+ };
}
as_id!(Family, Fault);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_names_its_own_fault() {
        for fault in Fault::ALL {
            assert_eq!(fault.id().parse(), Ok(Named::Fault(*fault)));
            assert!(fault.id().starts_with(fault.family().id()));
        }
    }

    #[test]
    fn families_answer_to_the_errno_and_the_everyday_name() {
        for (given, family) in [
            ("refused", Family::ConnectionRefused),
            ("econnrefused", Family::ConnectionRefused),
            ("in-use", Family::AddressInUse),
            ("timeout/", Family::Timeout),
        ] {
            assert_eq!(given.parse(), Ok(Named::Family(family)));
        }
    }

    #[test]
    fn a_misspelled_name_gets_the_nearest_one() {
        let near = |given: &str| given.parse::<Named>().unwrap_err().nearest;
        assert_eq!(near("address-in-use/timewait"), Some("address-in-use/time-wait"));
        assert_eq!(near("timeuot"), Some("timeout"));
        assert_eq!(near("no-listner"), Some("connection-refused/no-listener"));
        assert_eq!(near("xyzzy"), None);
    }
}
