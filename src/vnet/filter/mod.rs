//! What a link does not let through, and what it answers: a firewall, a lie, a hole.

mod short;

use super::packet::{Family, Seen, Transport};
use crate::impair::Direction;
use std::net::IpAddr;

/// Packets that do not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Which ones.
    pub matches: Matches,
    /// Of those that go this way.
    pub direction: Direction,
    /// What becomes of them.
    pub answer: Answer,
}

/// Which packets are meant: those that meet every condition that is given. ARP and neighbour discovery never are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// Of this IP family.
    pub family: Option<Family>,
    /// Of this protocol.
    pub protocol: Option<Transport>,
    /// From or to this port.
    pub port: Option<u16>,
    /// Longer than this many bytes, the IP header among them.
    pub larger_than: Option<usize>,
}

/// What becomes of a packet that does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing: its sender waits.
    Drop,
    /// A TCP segment is answered with RST; when it belongs to a connection, the other end gets one too.
    Reset,
    /// An ICMP error goes to its sender.
    Icmp {
        /// Which one.
        reason: Reason,
        /// From this address; from the far end of the link when there is none.
        from: Option<IpAddr>,
    },
}

/// What an ICMP error says (RFC 792, RFC 1812 §5.2.7, RFC 4443).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No route to the network: 3/0, or 1/0.
    NetUnreachable,
    /// The host does not answer: 3/1, or 1/3.
    HostUnreachable,
    /// Nobody has the port: 3/3, or 1/4.
    PortUnreachable,
    /// A policy forbids it: 3/13, or 1/1.
    Prohibited,
    /// Too large for the next link, which takes so many bytes: 3/4, or 2/0.
    TooBig(u32),
    /// Too many hops: 11/0, or 3/0.
    TimeExceeded,
    /// Any type and code.
    Numbers(u8, u8),
}

impl Reason {
    /// The names that are said without a number.
    pub const NAMED: &[(&str, Self)] = &[
        ("net-unreachable", Self::NetUnreachable),
        ("host-unreachable", Self::HostUnreachable),
        ("port-unreachable", Self::PortUnreachable),
        ("prohibited", Self::Prohibited),
        ("time-exceeded", Self::TimeExceeded),
    ];

    /// Its type and code.
    pub const fn numbers(self, family: Family) -> (u8, u8) {
        let (v4, v6) = match self {
            Self::NetUnreachable => ((3, 0), (1, 0)),
            Self::HostUnreachable => ((3, 1), (1, 3)),
            Self::PortUnreachable => ((3, 3), (1, 4)),
            Self::Prohibited => ((3, 13), (1, 1)),
            Self::TooBig(_) => ((3, 4), (2, 0)),
            Self::TimeExceeded => ((11, 0), (3, 0)),
            Self::Numbers(kind, code) => ((kind, code), (kind, code)),
        };
        match family {
            Family::V4 => v4,
            Family::V6 => v6,
        }
    }

    /// The bytes that the next link takes, where the error says so.
    pub const fn mtu(self) -> u32 {
        match self {
            Self::TooBig(mtu) => mtu,
            _ => 0,
        }
    }
}

impl Matches {
    /// Whether a packet is meant.
    pub fn covers(&self, seen: &Seen) -> bool {
        self.family.is_none_or(|family| family == seen.family())
            && self.protocol.is_none_or(|protocol| protocol == seen.transport)
            && self.port.is_none_or(|port| {
                seen.ports.is_some_and(|(source, destination)| source == port || destination == port)
            })
            && self.larger_than.is_none_or(|bytes| seen.length > bytes)
    }
}
