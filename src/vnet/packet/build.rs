//! Answers to packets, as the kernel of another host would give them.

use super::{ETHERNET, Family, Seen};
use crate::vnet::filter::Reason;
use etherparse::PacketBuilder;
use std::net::IpAddr;

/// Hops that an answer may make.
const TTL: u8 = 64;
/// What an ICMP error may quote of a packet: with its headers it fits in what every host takes (RFC 1812 §4.3.2.3:
/// 576 bytes; RFC 4443 §3: 1280).
const QUOTED: [usize; 2] = [576 - 20 - 8, 1280 - 40 - 8];

/// The ICMP error about the packet in `frame`, from `from` to its sender; `None` when none may be sent.
pub(in crate::vnet) fn icmp_error(
    frame: &[u8],
    seen: &Seen,
    reason: Reason,
    from: IpAddr,
) -> Option<Vec<u8>> {
    if !seen.may_be_answered() {
        return None;
    }
    let (to_us, theirs) = macs(frame)?;
    let (kind, code) = reason.numbers(seen.family());
    let packet = &frame[ETHERNET..];
    let mut answer = Vec::new();
    match (from, seen.source) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            let quoted = &packet[..packet.len().min(QUOTED[0])];
            // RFC 1191 §4: the MTU of the next hop is the low half of the unused word.
            let mtu = u16::try_from(reason.mtu()).unwrap_or(u16::MAX).to_be_bytes();
            PacketBuilder::ethernet2(to_us, theirs)
                .ipv4(from.octets(), to.octets(), TTL)
                .icmpv4_raw(kind, code, [0, 0, mtu[0], mtu[1]])
                .write_to_vec(&mut answer, quoted)
                .ok()?;
        }
        (IpAddr::V6(from), IpAddr::V6(to)) => {
            let quoted = &packet[..packet.len().min(QUOTED[1])];
            PacketBuilder::ethernet2(to_us, theirs)
                .ipv6(from.octets(), to.octets(), TTL)
                .icmpv6_raw(kind, code, reason.mtu().to_be_bytes())
                .write_to_vec(&mut answer, quoted)
                .ok()?;
        }
        _ => return None,
    }
    Some(answer)
}

/// The resets that end what the TCP segment in `frame` belongs to: one to its sender, and, when it is of a connection,
/// one to its receiver. Empty for anything else, and for a reset (RFC 9293 §3.10.7.1).
pub(in crate::vnet) fn resets(frame: &[u8], seen: &Seen) -> Vec<Reset> {
    let (Some(signals), Some((source, destination)), Some((to_us, theirs))) =
        (seen.signals, seen.ports, macs(frame))
    else {
        return Vec::new();
    };
    if signals.rst {
        return Vec::new();
    }
    let length = u32::try_from(seen.payload).unwrap_or_default();
    let after = signals.sequence.wrapping_add(length + u32::from(signals.syn) + u32::from(signals.fin));
    let (sequence, acknowledges) =
        if signals.ack { (signals.acknowledgment, None) } else { (0, Some(after)) };
    let back = Segment {
        macs: [to_us, theirs],
        addresses: [seen.destination, seen.source],
        ports: [destination, source],
        sequence,
        acknowledges,
    };
    let onward = Segment {
        macs: [theirs, to_us],
        addresses: [seen.source, seen.destination],
        ports: [source, destination],
        sequence: signals.sequence,
        acknowledges: Some(signals.acknowledgment),
    };
    let to_sender = back.reset(seen.family()).map(Reset::ToSender);
    let is_connected = signals.ack && !signals.syn;
    let to_receiver = is_connected.then(|| onward.reset(seen.family()).map(Reset::ToReceiver)).flatten();
    to_sender.into_iter().chain(to_receiver).collect()
}

/// A reset, and which way it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::vnet) enum Reset {
    /// Back.
    ToSender(Vec<u8>),
    /// On.
    ToReceiver(Vec<u8>),
}

struct Segment {
    macs: [[u8; 6]; 2],
    addresses: [IpAddr; 2],
    ports: [u16; 2],
    sequence: u32,
    acknowledges: Option<u32>,
}

impl Segment {
    fn reset(&self, family: Family) -> Option<Vec<u8>> {
        let ethernet = PacketBuilder::ethernet2(self.macs[0], self.macs[1]);
        let ip = match (family, self.addresses) {
            (Family::V4, [IpAddr::V4(from), IpAddr::V4(to)]) => {
                ethernet.ipv4(from.octets(), to.octets(), TTL)
            }
            (Family::V6, [IpAddr::V6(from), IpAddr::V6(to)]) => {
                ethernet.ipv6(from.octets(), to.octets(), TTL)
            }
            _ => return None,
        };
        let tcp = ip.tcp(self.ports[0], self.ports[1], self.sequence, 0).rst();
        let tcp = match self.acknowledges {
            Some(number) => tcp.ack(number),
            None => tcp,
        };
        let mut frame = Vec::new();
        tcp.write_to_vec(&mut frame, &[]).ok()?;
        Some(frame)
    }
}

/// The hardware addresses of a frame: whom it went to, and whom it came from.
fn macs(frame: &[u8]) -> Option<([u8; 6], [u8; 6])> {
    let to = frame.first_chunk()?;
    let from = frame.get(6..)?.first_chunk()?;
    Some((*to, *from))
}
