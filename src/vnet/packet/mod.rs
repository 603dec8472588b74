//! Packets as they are on a link: read, and built.

mod build;
mod cut;
mod offload;
mod read;

pub(super) use build::{Reset, icmp_error, resets};
pub(super) use cut::Uncut;
pub(super) use offload::{OFFLOAD, Offload};
pub use read::{Family, Seen, Signals, Transport};

/// Bytes of an Ethernet header.
pub(super) const ETHERNET: usize = 14;
