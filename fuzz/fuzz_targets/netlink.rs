//! Any bytes in place of what the kernel sends over netlink: read or refused, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| netfault::evidence::read_any_bytes(bytes));
