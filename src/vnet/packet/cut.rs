//! Frames that a host left to a network card to cut: up to 64 KiB of one TCP connection or UDP flow under one header
//! (GSO). Here they are cut, for whoever decides about packets, and what goes on together is put together again, as a
//! receiving card does (GRO).

use super::offload::{OFFLOAD, Offload};
use super::{ETHERNET, Family, Seen, Transport};
use etherparse::checksum::Sum16BitWords;
use std::ops::Range;

/// IPv4's total length, identification and header checksum; IPv6's payload length and the end of its header.
const V4_LENGTH: usize = ETHERNET + 2;
const V4_ID: usize = ETHERNET + 4;
const V4_CHECKSUM: usize = ETHERNET + 10;
const V6_LENGTH: usize = ETHERNET + 4;
const V6_END: usize = ETHERNET + 40;
/// Flags of TCP that only the last, or only the first, of several segments has: FIN and PSH, CWR (RFC 3168).
const OF_LAST: u8 = 0x01 | 0x08;
const OF_FIRST: u8 = 0x80;

/// Such a frame.
#[derive(Clone, Copy, Debug)]
pub(in crate::vnet) struct Uncut<'a> {
    frame: &'a [u8],
    offload: Offload,
    seen: &'a Seen,
    /// Where the transport's header is, and where the data begins.
    transport: usize,
    data: usize,
    /// Bytes of data in each packet but the last.
    size: usize,
}

impl<'a> Uncut<'a> {
    /// `None` for one that is cut already, or whose cutting is not understood: then it is one packet.
    pub(in crate::vnet) fn of(frame: &'a [u8], offload: Offload, seen: &'a Seen) -> Option<Self> {
        let size = usize::from(offload.segment?);
        let data = frame.len().checked_sub(seen.payload)?;
        let of_transport = match seen.transport {
            Transport::Tcp if offload.is_tcp() => usize::from(frame.get(offload.start()? + 12)? >> 4) * 4,
            Transport::Udp if offload.is_udp() => 8,
            _ => return None,
        };
        let transport = data.checked_sub(of_transport)?;
        let least = if seen.family() == Family::V4 { ETHERNET + 20 } else { V6_END };
        let is_whole = transport >= least && offload.start() == Some(transport) && seen.ports.is_some();
        (size > 0 && is_whole && seen.payload > size).then_some(Self {
            frame,
            offload,
            seen,
            transport,
            data,
            size,
        })
    }

    /// How many packets it is.
    pub(in crate::vnet) fn count(&self) -> usize {
        self.seen.payload.div_ceil(self.size)
    }

    /// Some that follow each other.
    pub(in crate::vnet) fn seen(&self, which: Range<usize>) -> Seen {
        let (first, last) = (which.start, which.end);
        let payload = self.bytes(which).len();
        let signals = self.seen.signals.map(|mut signals| {
            signals.sequence = signals.sequence.wrapping_add(self.offset(first));
            if last < self.count() {
                (signals.fin, signals.psh) = (false, false);
            }
            signals
        });
        Seen { signals, payload, length: self.data - ETHERNET + payload, ..*self.seen }
    }

    /// Some that follow each other, as one frame, with what precedes it; still uncut when they are several.
    pub(in crate::vnet) fn some(&self, which: Range<usize>, out: &mut Vec<u8>) {
        let data = self.bytes(which.clone());
        let several = which.len() > 1;
        out.clear();
        out.extend_from_slice(&self.offload.header_of(several, self.data, self.transport, self.size));
        out.extend_from_slice(&self.frame[..self.data]);
        out.extend_from_slice(&self.frame[self.data..][data.clone()]);
        let frame = &mut out[OFFLOAD..];
        let length = frame.len() - ETHERNET;
        let addresses = match self.seen.family() {
            Family::V4 => {
                put(frame, V4_LENGTH, length);
                let id = u16::from_be_bytes([frame[V4_ID], frame[V4_ID + 1]]);
                let id = id.wrapping_add(u16::try_from(which.start).unwrap_or_default());
                frame[V4_ID..V4_ID + 2].copy_from_slice(&id.to_be_bytes());
                put(frame, V4_CHECKSUM, 0);
                let sum =
                    Sum16BitWords::new().add_slice(&frame[ETHERNET..self.header_end()]).ones_complement();
                frame[V4_CHECKSUM..V4_CHECKSUM + 2].copy_from_slice(&sum.to_ne_bytes());
                ETHERNET + 12..ETHERNET + 20
            }
            Family::V6 => {
                put(frame, V6_LENGTH, length - 40);
                ETHERNET + 8..V6_END
            }
        };
        let of_transport = frame.len() - self.transport;
        let (protocol, checksum) = if self.seen.transport == Transport::Tcp {
            self.number(frame, &which);
            (6, self.transport + 16)
        } else {
            put(frame, self.transport + 4, of_transport);
            (17, self.transport + 6)
        };
        // What is left to complete: the sum of the pseudo header (RFC 9293 §3.1, RFC 8200 §8.1), not inverted.
        let [_, _, high, low] = u32::try_from(of_transport).unwrap_or_default().to_be_bytes();
        let pseudo = Sum16BitWords::new()
            .add_slice(&frame[addresses])
            .add_2bytes([0, protocol])
            .add_2bytes([high, low])
            .to_ones_complement_with_no_zero();
        frame[checksum..checksum + 2].copy_from_slice(&(!pseudo).to_ne_bytes());
    }

    /// TCP's sequence number and flags.
    fn number(&self, frame: &mut [u8], which: &Range<usize>) {
        if let Some(signals) = self.seen.signals {
            let sequence = signals.sequence.wrapping_add(self.offset(which.start));
            frame[self.transport + 4..self.transport + 8].copy_from_slice(&sequence.to_be_bytes());
        }
        let flags = &mut frame[self.transport + 13];
        if which.end < self.count() {
            *flags &= !OF_LAST;
        }
        if which.start > 0 {
            *flags &= !OF_FIRST;
        }
    }

    /// Where IPv4's header ends.
    fn header_end(&self) -> usize {
        (ETHERNET + usize::from(self.frame[ETHERNET] & 0x0f) * 4).min(self.transport)
    }

    /// The bytes of data before a packet.
    fn offset(&self, at: usize) -> u32 {
        u32::try_from(at * self.size).unwrap_or_default()
    }

    fn bytes(&self, which: Range<usize>) -> Range<usize> {
        which.start * self.size..(which.end * self.size).min(self.seen.payload)
    }
}

fn put(frame: &mut [u8], at: usize, number: usize) {
    let number = u16::try_from(number).unwrap_or(u16::MAX);
    frame[at..at + 2].copy_from_slice(&number.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::{PacketBuilder, SlicedPacket, TransportSlice};

    /// As a host leaves it: 2500 bytes, to be cut to 1000.
    fn uncut(v6: bool) -> (Offload, Vec<u8>) {
        let data: Vec<u8> = (0..2500_u16).map(|number| number.to_be_bytes()[1]).collect();
        let ethernet = PacketBuilder::ethernet2([2; 6], [4; 6]);
        let ip = if v6 {
            ethernet.ipv6([1; 16], [2; 16], 64)
        } else {
            ethernet.ipv4([10, 1, 0, 1], [10, 1, 0, 2], 64)
        };
        let mut frame = Vec::new();
        ip.tcp(4000, 80, u32::MAX - 500, 512).psh().ack(9).write_to_vec(&mut frame, &data).unwrap();
        let start: u16 = if v6 { 54 } else { 34 };
        let mut header = [0; OFFLOAD];
        (header[0], header[1]) = (1, if v6 { 4 } else { 1 });
        header[4..6].copy_from_slice(&1000_u16.to_ne_bytes());
        header[6..8].copy_from_slice(&start.to_ne_bytes());
        header[8..10].copy_from_slice(&16_u16.to_ne_bytes());
        (Offload::read(&header), frame)
    }

    #[test]
    fn what_is_cut_is_what_a_wire_would_carry() {
        for v6 in [false, true] {
            let (offload, frame) = uncut(v6);
            let seen = Seen::in_frame(&frame).unwrap();
            let uncut = Uncut::of(&frame, offload, &seen).unwrap();
            assert_eq!(uncut.count(), 3);
            let mut out = Vec::new();
            let mut data = Vec::new();
            for (at, length) in [1000, 1000, 500].into_iter().enumerate() {
                uncut.some(at..at + 1, &mut out);
                let (header, one) = out.split_first_chunk::<OFFLOAD>().unwrap();
                let offload = Offload::read(header);
                assert_eq!(offload.segment, None);
                let mut one = one.to_vec();
                offload.complete(&mut one);
                assert_eq!(Seen::in_frame(&one), Some(uncut.seen(at..at + 1)));
                let packet = SlicedPacket::from_ethernet(&one).unwrap();
                let Some(TransportSlice::Tcp(tcp)) = packet.transport else { panic!("no TCP") };
                let sum = match packet.net.unwrap() {
                    etherparse::NetSlice::Ipv4(ip) => {
                        assert_eq!(
                            ip.header().header_checksum(),
                            ip.header().to_header().calc_header_checksum()
                        );
                        tcp.calc_checksum_ipv4(ip.header().source(), ip.header().destination())
                    }
                    etherparse::NetSlice::Ipv6(ip) => {
                        tcp.calc_checksum_ipv6(ip.header().source(), ip.header().destination())
                    }
                    etherparse::NetSlice::Arp(_) => panic!("no IP"),
                };
                assert_eq!(sum.unwrap(), tcp.checksum());
                assert_eq!((tcp.payload().len(), tcp.psh()), (length, at == 2));
                assert_eq!(tcp.sequence_number(), (u32::MAX - 500).wrapping_add(uncut.offset(at)));
                data.extend_from_slice(tcp.payload());
            }
            assert_eq!(data, frame[frame.len() - 2500..]);
        }
    }

    #[test]
    fn all_of_it_together_is_the_same_frame() {
        for v6 in [false, true] {
            let (offload, frame) = uncut(v6);
            let seen = Seen::in_frame(&frame).unwrap();
            let mut out = Vec::new();
            Uncut::of(&frame, offload, &seen).unwrap().some(0..3, &mut out);
            let (header, mut whole) =
                out.split_first_chunk::<OFFLOAD>().map(|(h, f)| (h, f.to_vec())).unwrap();
            let again = Offload::read(header);
            assert_eq!(again.segment, Some(1000));
            again.complete(&mut whole);
            assert_eq!(whole, frame);
        }
    }

    #[test]
    fn what_is_not_understood_is_one_packet() {
        let (offload, frame) = uncut(false);
        let seen = Seen::in_frame(&frame).unwrap();
        assert!(Uncut::of(&frame, Offload::default(), &seen).is_none());
        let udp = Seen { transport: Transport::Udp, ..seen };
        assert!(Uncut::of(&frame, offload, &udp).is_none());
        let more = Seen { payload: frame.len(), ..seen };
        assert!(Uncut::of(&frame, offload, &more).is_none());
    }
}
