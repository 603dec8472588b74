//! The ids that join everything: a [`Fault`] is *family/cause*, and the same stem names its file under
//! `src/reproduce/faults/`, its page under `knowledge/` and its argument on the command line.
//! Holds no prose: what a user reads about a fault is in the catalogue.

mod name;

pub use name::{Named, UnknownName, nearest, spellings};

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! catalogue {
    ($(
        $(#[$fdoc:meta])* $family:ident $fid:literal [$($alias:literal),*] {
            $( $(#[$doc:meta])* $cause:ident $cid:literal, )+
        }
    )+) => {
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

            /// Other words that a user may give for it: the errno and the everyday name.
            pub const fn aliases(self) -> &'static [&'static str] {
                match self { $( Self::$family => &[$($alias),*], )+ }
            }
        }

        impl Fault {
            /// Every fault of the catalogue, family by family.
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
    Timeout "timeout" ["time-out", "timed-out", "ETIMEDOUT"] {
        /// SYNs are dropped on the way or by a firewall, and nothing answers.
        ConnectBlackhole "connect-blackhole",
        /// The accept queue is full and the kernel drops SYNs.
        BacklogFull "backlog-full",
        /// The request was taken, no reply came.
        ReadSilence "read-silence",
        /// The other end does not read, and the buffers between are full.
        WriteStall "write-stall",
        /// A datagram was sent, nothing came back, not even ICMP.
        UdpSilence "udp-silence",
        /// An established connection whose other end vanished.
        DeadPeer "dead-peer",
        /// The handshake works, the program never accepts while others wait.
        StuckAccept "stuck-accept",
    }
    /// A connect or datagram that was answered with "no".
    ConnectionRefused "connection-refused" ["refused", "ECONNREFUSED"] {
        /// Nothing listens on the port, in any family, on any address.
        NoListener "no-listener",
        /// A listener on that port exists, in the other IP family only.
        WrongFamily "wrong-family",
        /// A listener exists, on another address of this host only.
        WrongInterface "wrong-interface",
        /// The server comes up while the client tries.
        NotYetListening "not-yet-listening",
        /// ICMP port unreachable, seen by a connected UDP socket.
        UdpPortUnreachable "udp-port-unreachable",
        /// A firewall answers "no" in front of a listener.
        FirewallReject "firewall-reject",
    }
    /// A bind (or listen) on an address that something still holds.
    AddressInUse "address-in-use" ["in-use", "EADDRINUSE"] {
        /// The same address and port is listened on.
        LiveListener "live-listener",
        /// Only the remains of closed connections hold the port.
        TimeWait "time-wait",
        /// One side is a wildcard and overlaps the other.
        WildcardOverlap "wildcard-overlap",
        /// A socket is bound to it and never listened.
        BoundNotListening "bound-not-listening",
        /// The port is the local port of a connection, not of a listener.
        OutgoingConnection "outgoing-connection",
        /// Two UDP sockets, one port.
        Udp "udp",
        /// `SO_REUSEPORT` on one side only, or another user.
        ReuseportMismatch "reuseport-mismatch",
    }
    /// An established connection that the other end broke off.
    ConnectionReset "connection-reset" ["reset", "ECONNRESET"] {
        /// The other end closed with data that it had not read.
        UnreadData "unread-data",
        /// The other end closed with `SO_LINGER` 0.
        LingerZero "linger-zero",
        /// The program at the other end ended abruptly.
        PeerCrash "peer-crash",
    }
    /// Writing into a connection that is closed.
    BrokenPipe "broken-pipe" ["EPIPE"] {
        /// A second write after the other end closed, or one after the own shutdown.
        WriteAfterClose "write-after-close",
    }
    /// No way leads to the address.
    Unreachable "unreachable" ["ENETUNREACH", "EHOSTUNREACH"] {
        /// The routing table has no way there.
        NoRoute "no-route",
        /// The host does not answer on its own network.
        HostDown "host-down",
        /// A policy forbids it: a firewall or a route.
        Prohibited "prohibited",
    }
    /// An address that this host cannot give to the socket.
    AddressNotAvailable "address-not-available" ["not-available", "EADDRNOTAVAIL"] {
        /// No interface of this host has the address.
        NotLocal "not-local",
        /// Every ephemeral port towards that destination is in use.
        EphemeralExhausted "ephemeral-exhausted",
    }
    /// The system forbids it.
    PermissionDenied "permission-denied" ["denied", "EACCES"] {
        /// A port below 1024 without the privilege.
        PrivilegedPort "privileged-port",
    }
    /// No descriptor, or no memory, for another socket.
    TooManyOpenFiles "too-many-open-files" ["EMFILE"] {
        /// accept(2) has no descriptor left for a client.
        AcceptWithoutDescriptor "accept",
    }
    /// Bytes that did not come as they were sent.
    Message "message" ["EMSGSIZE"] {
        /// A datagram that is larger than a datagram can be.
        TooLarge "too-large",
        /// A datagram that is larger than the buffer of its reader.
        TruncatedDatagram "truncated-datagram",
        /// A part of a message, taken for all of it.
        PartialRead "partial-read",
        /// Bytes that are not UTF-8.
        NotUtf8 "not-utf8",
    }
    /// A name that did not become an address.
    NameResolution "name-resolution" ["dns", "EAI_NONAME"] {
        /// The name does not exist.
        NoSuchName "no-such-name",
        /// The name server answers that it cannot tell.
        ServerFailure "server-failure",
        /// The name server does not answer.
        ResolverSilent "resolver-silent",
        /// The reply did not fit in a datagram.
        TruncatedReply "truncated-reply",
    }
    /// An HTTP server answered, and not as expected.
    BadResponse "bad-response" ["bad-reply"] {
        /// The body ends before its announced length.
        ShortBody "short-body",
        /// A status of 400 or above.
        ErrorStatus "error-status",
        /// Something answers that does not speak HTTP.
        NotHttp "not-http",
        /// The server closed without a byte.
        NoReply "no-reply",
        /// The TLS handshake failed.
        TlsHandshake "tls-handshake",
    }
    /// The program talks to another than it thinks.
    WrongPeer "wrong-peer" [] {
        /// The connection leads back to the very socket.
        SelfConnect "self-connect",
        /// Two programs hold one port, and the kernel deals requests to either.
        PortHijack "port-hijack",
    }
    /// A call that the socket's state or kind does not allow.
    Misuse "misuse" [] {
        /// bind(2) twice, or too late.
        AlreadyBound "already-bound",
        /// A call that needs a connection, without one.
        NotConnected "not-connected",
        /// A call on a socket that was closed.
        ClosedSocket "closed-socket",
        /// A non-blocking call that cannot proceed now.
        WouldBlock "would-block",
        /// An address of one family on a socket of the other.
        WrongAddressFamily "wrong-address-family",
    }
}

impl Family {
    /// The faults of this family, in catalogue order.
    pub fn faults(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |fault| fault.family() == self)
    }
}

impl Fault {
    /// The second half of the id.
    pub fn cause(self) -> &'static str {
        self.id().split_once('/').map_or(self.id(), |(_, cause)| cause)
    }
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
