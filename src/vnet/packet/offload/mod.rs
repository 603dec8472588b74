//! What a kernel leaves to the hardware: checksums that are not yet there, and large segments that are not yet cut.

#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod header;

#[cfg(all(target_os = "linux", not(netfault_blind)))]
pub(in crate::vnet) use header::OFFLOAD;

use super::ETHERNET;
use etherparse::checksum::Sum16BitWords;

/// What of one frame is left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::vnet) struct Offload {
    /// Where the checksum starts, and where it goes, counted from the start of the frame; `None` when it is there.
    checksum: Option<(usize, usize)>,
    /// Bytes of data in each packet that the hardware would send; `None` when it would send one.
    pub(in crate::vnet) segment: Option<u16>,
    /// What kind of cutting that is.
    kind: u8,
}

impl Offload {
    /// Writes the checksum that is missing into the frame. That of a frame that is still to be cut would be nobody's: it
    /// gets the one that it would have uncut.
    pub(in crate::vnet) fn complete(self, frame: &mut [u8]) {
        let Some((start, at)) = self.checksum else { return };
        if start < ETHERNET || at + 2 > frame.len() || start > at {
            return;
        }
        // The field holds the sum of the pseudo header, which counts in.
        let sum = Sum16BitWords::new().add_slice(&frame[start..]).to_ones_complement_with_no_zero();
        // The sum was taken in this machine's order.
        frame[at..at + 2].copy_from_slice(&sum.to_ne_bytes());
    }
}
