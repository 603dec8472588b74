//! What socket2 cannot say, one file a platform, the same functions in each.
#![expect(unsafe_code, reason = "reads buffers that the kernel filled; Windows' socket options")]

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub(super) use unix::{keep_icmp_errors, reserve_server_address, set_user_timeout};

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub(super) use windows::{keep_icmp_errors, reserve_server_address, set_user_timeout};

use std::mem::MaybeUninit;

/// The bytes of a buffer's front that a receiving call has filled.
pub(super) fn initialised(filled: &[MaybeUninit<u8>]) -> Vec<u8> {
    // SAFETY: the caller passes exactly the part that socket2's `recv_from` counted, which it documents as
    // initialised.
    filled.iter().map(|byte| unsafe { byte.assume_init() }).collect()
}
