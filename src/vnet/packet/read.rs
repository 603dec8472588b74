//! What a frame carries. Bytes of any content come in: a host may send whatever it likes.

use super::ETHERNET;
use etherparse::{LaxNetSlice, LaxSlicedPacket, TransportSlice};
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// A version of IP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4, RFC 791.
    V4,
    /// IPv6, RFC 8200.
    V6,
}

/// What an IP packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// RFC 9293.
    Tcp,
    /// RFC 768.
    Udp,
    /// RFC 792, RFC 4443.
    Icmp,
    /// Another protocol, by its number.
    Other(u8),
}

impl Transport {
    /// The one of this number, in the registry of IANA.
    pub const fn of(number: u8) -> Self {
        match number {
            6 => Self::Tcp,
            17 => Self::Udp,
            1 | 58 => Self::Icmp,
            other => Self::Other(other),
        }
    }
}

/// TCP's flags and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own, RFC 9293 §3.1")]
pub struct Signals {
    /// SYN
    pub syn: bool,
    /// ACK
    pub ack: bool,
    /// FIN
    pub fin: bool,
    /// RST
    pub rst: bool,
    /// PSH
    pub psh: bool,
    /// The sequence number.
    pub sequence: u32,
    /// The acknowledgment number.
    pub acknowledgment: u32,
}

impl fmt::Display for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all =
            [(self.syn, "SYN"), (self.fin, "FIN"), (self.rst, "RST"), (self.psh, "PSH"), (self.ack, "ACK")];
        let set: Vec<&str> = all.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
        f.write_str(&set.join(" "))
    }
}

/// An IP packet, but for neighbour discovery and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// From.
    pub source: IpAddr,
    /// To.
    pub destination: IpAddr,
    /// What it carries.
    pub transport: Transport,
    /// The ports of TCP and UDP, from and to; not of later fragments.
    pub ports: Option<(u16, u16)>,
    /// Of TCP.
    pub signals: Option<Signals>,
    /// The type and code of ICMP.
    pub icmp: Option<(u8, u8)>,
    /// Bytes from the IP header on.
    pub length: usize,
    /// Bytes after the transport's header.
    pub payload: usize,
}

impl Seen {
    /// The packet in an Ethernet frame. `None` for ARP, for neighbour discovery and multicast listeners (RFC 4861,
    /// RFC 3810), by which a link works at all, and for what is no IP packet.
    pub fn in_frame(frame: &[u8]) -> Option<Self> {
        let packet = LaxSlicedPacket::from_ethernet(frame).ok()?;
        let (source, destination, number): (IpAddr, IpAddr, u8) = match packet.net.as_ref()? {
            LaxNetSlice::Ipv4(v4) => {
                let header = v4.header();
                (header.source_addr().into(), header.destination_addr().into(), v4.payload().ip_number.0)
            }
            LaxNetSlice::Ipv6(v6) => {
                let header = v6.header();
                (header.source_addr().into(), header.destination_addr().into(), v6.payload().ip_number.0)
            }
            LaxNetSlice::Arp(_) => return None,
        };
        let mut seen = Self {
            source,
            destination,
            transport: Transport::of(number),
            ports: None,
            signals: None,
            icmp: None,
            length: frame.len() - ETHERNET,
            payload: 0,
        };
        match packet.transport {
            Some(TransportSlice::Tcp(tcp)) => {
                seen.ports = Some((tcp.source_port(), tcp.destination_port()));
                seen.payload = tcp.payload().len();
                seen.signals = Some(Signals {
                    syn: tcp.syn(),
                    ack: tcp.ack(),
                    fin: tcp.fin(),
                    rst: tcp.rst(),
                    psh: tcp.psh(),
                    sequence: tcp.sequence_number(),
                    acknowledgment: tcp.acknowledgment_number(),
                });
            }
            Some(TransportSlice::Udp(udp)) => {
                seen.ports = Some((udp.source_port(), udp.destination_port()));
                seen.payload = udp.payload().len();
            }
            Some(TransportSlice::Icmpv4(icmp)) => {
                seen.icmp = Some((icmp.type_u8(), icmp.code_u8()));
                seen.payload = icmp.payload().len();
            }
            Some(TransportSlice::Icmpv6(icmp)) => {
                if matches!(icmp.type_u8(), 130..=137 | 143) {
                    return None;
                }
                seen.icmp = Some((icmp.type_u8(), icmp.code_u8()));
                seen.payload = icmp.payload().len();
            }
            Some(TransportSlice::Igmp(_)) => return None,
            None => {}
        }
        Some(seen)
    }

    /// The version of IP.
    pub const fn family(&self) -> Family {
        match self.source {
            IpAddr::V4(_) => Family::V4,
            IpAddr::V6(_) => Family::V6,
        }
    }

    /// Whether an ICMP error may answer it (RFC 1812 §4.3.2.7, RFC 4443 §2.4): never an error, nor what went to many.
    pub fn may_be_answered(&self) -> bool {
        let is_error = match (self.family(), self.icmp) {
            (Family::V4, Some((kind, _))) => matches!(kind, 3 | 4 | 5 | 11 | 12),
            (Family::V6, Some((kind, _))) => kind < 128,
            (_, None) => false,
        };
        let to_many = match self.destination {
            IpAddr::V4(v4) => v4.is_multicast() || v4.is_broadcast(),
            IpAddr::V6(v6) => v6.is_multicast(),
        };
        !is_error && !to_many && self.source != IpAddr::V6(Ipv6Addr::UNSPECIFIED)
    }
}
