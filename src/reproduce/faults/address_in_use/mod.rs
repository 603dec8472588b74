//! A bind on an address that something still holds.

pub(super) mod bound_not_listening;
pub(super) mod live_listener;
pub(super) mod outgoing_connection;
pub(super) mod reuseport_mismatch;
pub(super) mod time_wait;
pub(super) mod udp;
pub(super) mod wildcard_overlap;
