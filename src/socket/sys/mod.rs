//! What socket2 cannot say, one file a platform, the same functions in each.
#![expect(unsafe_code, reason = "reads buffers that the kernel filled; socket options that no crate has")]

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub(super) use unix::{reserve_server_address, set_reuse_port};

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub(super) use windows::{reserve_server_address, set_reuse_port};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as deep;
#[cfg(not(target_os = "linux"))]
mod absent;
#[cfg(not(target_os = "linux"))]
use absent as deep;

pub(super) use deep::{
    close_out_of_reach, keep_icmp_errors, raise_descriptor_limit, send_to_number, set_port_range,
    set_user_timeout,
};

use std::mem::MaybeUninit;

/// The bytes of a buffer's front that a receiving call has filled.
pub(super) fn initialised(filled: &[MaybeUninit<u8>]) -> Vec<u8> {
    // SAFETY: the caller passes exactly the part that socket2's `recv_from` counted, which it documents as
    // initialised.
    filled.iter().map(|byte| unsafe { byte.assume_init() }).collect()
}
