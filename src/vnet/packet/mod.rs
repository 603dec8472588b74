//! Packets as they are on a link: read, and built.

#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod build;
#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod cut;
mod offload;
mod read;

#[cfg(all(target_os = "linux", not(netfault_blind)))]
pub(super) use build::{Reset, icmp_error, resets};
#[cfg(all(target_os = "linux", not(netfault_blind)))]
pub(super) use cut::Uncut;
#[cfg(all(target_os = "linux", not(netfault_blind)))]
pub(super) use offload::OFFLOAD;
pub(super) use offload::Offload;
pub use read::{Family, Seen, Signals, Transport};

/// Bytes of an Ethernet header.
pub(super) const ETHERNET: usize = 14;
