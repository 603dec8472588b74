//! What a kernel leaves to the hardware: checksums that are not yet there, and large segments that are not yet cut.
//! `struct virtio_net_hdr`, `linux/virtio_net.h`; it precedes each frame on a packet socket that asks for it
//! (`PACKET_VNET_HDR`, packet(7)).

use super::ETHERNET;
use etherparse::checksum::Sum16BitWords;

/// Bytes of the header.
pub(in crate::vnet) const OFFLOAD: usize = 10;

const NEEDS_CHECKSUM: u8 = 1;
const GSO_NONE: u8 = 0;

/// The header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::vnet) struct Offload {
    /// Where the checksum starts, and where it goes, counted from the start of the frame; `None` when it is there.
    checksum: Option<(usize, usize)>,
    /// Bytes of data in each packet that the hardware would send; `None` when it would send one.
    pub(in crate::vnet) segment: Option<u16>,
}

impl Offload {
    /// Reads the header, whose numbers are in this machine's order.
    pub(in crate::vnet) fn read(header: &[u8; OFFLOAD]) -> Self {
        let number = |at: usize| u16::from_ne_bytes([header[at], header[at + 1]]);
        let (start, offset) = (usize::from(number(6)), usize::from(number(8)));
        Self {
            checksum: (header[0] & NEEDS_CHECKSUM != 0).then_some((start, start + offset)),
            segment: (header[1] != GSO_NONE).then(|| number(4)),
        }
    }

    /// Writes the checksum that is missing into the frame. That of a frame that is still to be cut would be nobody's: it
    /// gets the one that it would have uncut.
    pub(in crate::vnet) fn complete(self, frame: &mut [u8]) {
        let Some((start, at)) = self.checksum else { return };
        if start < ETHERNET || at + 2 > frame.len() || start > at {
            return;
        }
        // The field holds the sum of the pseudo header, which counts in.
        let sum = Sum16BitWords::new().add_slice(&frame[start..]).to_ones_complement_with_no_zero();
        frame[at..at + 2].copy_from_slice(&sum.to_be_bytes());
    }
}
