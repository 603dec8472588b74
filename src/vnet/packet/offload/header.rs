//! `struct virtio_net_hdr`, `linux/virtio_net.h`; it precedes each frame on a packet socket that asks for it
//! (`PACKET_VNET_HDR`, packet(7)).

use super::Offload;

/// Bytes of the header.
pub(in crate::vnet) const OFFLOAD: usize = 10;

const NEEDS_CHECKSUM: u8 = 1;
const GSO_NONE: u8 = 0;
const GSO_TCPV4: u8 = 1;
const GSO_TCPV6: u8 = 4;
const GSO_UDP_L4: u8 = 5;
const GSO_ECN: u8 = 0x80;

impl Offload {
    /// Reads the header, whose numbers are in this machine's order.
    pub(in crate::vnet) fn read(header: &[u8; OFFLOAD]) -> Self {
        let number = |at: usize| u16::from_ne_bytes([header[at], header[at + 1]]);
        let (start, offset) = (usize::from(number(6)), usize::from(number(8)));
        Self {
            checksum: (header[0] & NEEDS_CHECKSUM != 0).then_some((start, start + offset)),
            segment: (header[1] != GSO_NONE).then(|| number(4)),
            kind: header[1],
        }
    }

    /// Whether TCP is to be cut.
    pub(in crate::vnet) const fn is_tcp(self) -> bool {
        matches!(self.kind & !GSO_ECN, GSO_TCPV4 | GSO_TCPV6)
    }

    /// Whether a UDP flow is to be cut into datagrams.
    pub(in crate::vnet) const fn is_udp(self) -> bool {
        self.kind == GSO_UDP_L4
    }

    /// Where the checksum starts, which is where the transport's header does.
    pub(in crate::vnet) fn start(self) -> Option<usize> {
        self.checksum.map(|(start, _)| start)
    }

    /// The header of some packets of this frame, whose headers end at `data` and whose transport's begins at `transport`.
    pub(in crate::vnet) fn header_of(
        self,
        several: bool,
        data: usize,
        transport: usize,
        size: usize,
    ) -> [u8; OFFLOAD] {
        let number = |number: usize| u16::try_from(number).unwrap_or_default().to_ne_bytes();
        let (length, size) = if several { (number(data), number(size)) } else { ([0; 2], [0; 2]) };
        let (start, offset) = (number(transport), number(if self.is_udp() { 6 } else { 16 }));
        let kind = if several { self.kind } else { GSO_NONE };
        let [l, s, c, o] = [length, size, start, offset];
        [NEEDS_CHECKSUM, kind, l[0], l[1], s[0], s[1], c[0], c[1], o[0], o[1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use etherparse::checksum::Sum16BitWords;
    use etherparse::{PacketBuilder, TcpSlice};

    #[test]
    fn a_checksum_that_was_left_to_the_card_is_completed() {
        let mut whole = Vec::new();
        let builder = PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4([10, 1, 0, 1], [10, 1, 0, 2], 64);
        builder.tcp(4000, 80, 7, 512).psh().ack(9).write_to_vec(&mut whole, b"odd").unwrap();
        let (start, offset) = (34, 16);
        let checksum = [whole[start + offset], whole[start + offset + 1]];
        // As the kernel leaves it: the sum of the pseudo header, not yet inverted.
        let mut partial = whole.clone();
        let length = u16::try_from(whole.len() - start).unwrap().to_be_bytes();
        let pseudo = Sum16BitWords::new().add_slice(&whole[26..34]).add_2bytes([0, 6]).add_2bytes(length);
        let pseudo = !pseudo.to_ones_complement_with_no_zero();
        partial[start + offset..start + offset + 2].copy_from_slice(&pseudo.to_ne_bytes());
        let mut header = [0; OFFLOAD];
        header[0] = NEEDS_CHECKSUM;
        header[6..8].copy_from_slice(&34_u16.to_ne_bytes());
        header[8..10].copy_from_slice(&16_u16.to_ne_bytes());
        Offload::read(&header).complete(&mut partial);
        assert_eq!(partial, whole);
        let tcp = TcpSlice::from_slice(&partial[start..]).unwrap();
        assert_eq!(tcp.checksum().to_be_bytes(), checksum);
    }

    #[test]
    fn what_a_header_says_beyond_the_frame_changes_nothing() {
        let mut header = [0xff; OFFLOAD];
        header[0] = NEEDS_CHECKSUM;
        let mut frame = vec![7; 60];
        Offload::read(&header).complete(&mut frame);
        assert_eq!(frame, [7; 60]);
    }
}
