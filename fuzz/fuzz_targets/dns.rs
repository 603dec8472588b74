//! Any bytes in place of a name server's reply, as a datagram, on a stream, and as the answers to the right question, whose
//! aliases are followed: read or ignored, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| netfault::resolver::read_any_bytes(bytes));
