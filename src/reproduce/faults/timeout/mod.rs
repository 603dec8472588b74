//! A wait that ends without an answer.

pub(super) mod backlog_full;
pub(super) mod connect_blackhole;
pub(super) mod dead_peer;
pub(super) mod read_silence;
pub(super) mod stuck_accept;
pub(super) mod udp_silence;
pub(super) mod write_stall;
