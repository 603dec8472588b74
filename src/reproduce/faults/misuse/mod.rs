//! Calls that the socket's state or kind does not allow.

pub(super) mod already_bound;
pub(super) mod closed_socket;
pub(super) mod not_connected;
pub(super) mod would_block;
pub(super) mod wrong_address_family;
