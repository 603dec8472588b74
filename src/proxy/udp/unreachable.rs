//! ICMP port unreachable, passed on: what the server's host says of its port is said to the client of ours. Only raw
//! sockets can say it, for which Linux asks `CAP_NET_RAW` (raw(7)).

use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{IpAddr, SocketAddr};

/// `ICMP_DEST_UNREACH`, code 3: port unreachable (RFC 792).
const V4: [u8; 2] = [3, 3];
/// Destination unreachable, code 4: port unreachable (RFC 4443 §3.1).
const V6: [u8; 2] = [1, 4];
/// The IP protocol number of UDP.
const UDP: u8 = 17;

/// Raw sockets of both families, as far as this process may have them.
#[derive(Debug, Default)]
pub(in crate::proxy) struct Unreachable {
    v4: Option<Socket>,
    v6: Option<Socket>,
}

impl Unreachable {
    /// Tells `client` that the port of `ours`, to which it sent, is unreachable.
    pub(in crate::proxy) fn tell(&mut self, client: SocketAddr, ours: SocketAddr) -> io::Result<()> {
        let (slot, domain, protocol) = match client.ip() {
            IpAddr::V4(_) => (&mut self.v4, Domain::IPV4, Protocol::ICMPV4),
            IpAddr::V6(_) => (&mut self.v6, Domain::IPV6, Protocol::ICMPV6),
        };
        let message = message(client, ours).ok_or_else(|| {
            io::Error::other(format!("of {ours} it is not known which address the client sent to"))
        })?;
        if slot.is_none() {
            let socket = Socket::new(domain, Type::RAW, Some(protocol))
                .map_err(|error| io::Error::other(format!("{error} (ICMP needs root or CAP_NET_RAW)")))?;
            socket.set_nonblocking(true)?;
            *slot = Some(socket);
        }
        let mut to = client;
        to.set_port(0);
        slot.as_ref().map_or(Ok(()), |socket| socket.send_to(&message, &to.into()).map(drop))
    }
}

/// The message, with as much of the client's datagram as says which of its sockets is meant: the headers of IP and of
/// UDP. `None` when the address that the client sent to is not known.
fn message(client: SocketAddr, ours: SocketAddr) -> Option<Vec<u8>> {
    if ours.ip().is_unspecified() {
        return None;
    }
    let mut message = Vec::with_capacity(56);
    match (client.ip(), ours.ip()) {
        (IpAddr::V4(client), IpAddr::V4(ours)) => {
            message.extend(V4);
            // Checksum, and four bytes that are not used.
            message.extend([0; 6]);
            message.extend([0x45, 0, 0, 28, 0, 0, 0, 0, 64, UDP, 0, 0]);
            message.extend(client.octets());
            message.extend(ours.octets());
        }
        (IpAddr::V6(client), IpAddr::V6(ours)) => {
            message.extend(V6);
            message.extend([0; 6]);
            message.extend([0x60, 0, 0, 0, 0, 8, UDP, 64]);
            message.extend(client.octets());
            message.extend(ours.octets());
        }
        _ => return None,
    }
    message.extend(client.port().to_be_bytes());
    message.extend(ours.port().to_be_bytes());
    message.extend([0, 8, 0, 0]);
    if client.is_ipv4() {
        // Of ICMPv6 the kernel makes the sum itself (RFC 3542 §3.1).
        let sum = checksum(&message);
        message[2..4].copy_from_slice(&sum.to_be_bytes());
    }
    Some(message)
}

/// The Internet checksum, RFC 1071.
fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0)));
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !u16::try_from(sum).unwrap_or(u16::MAX)
}
