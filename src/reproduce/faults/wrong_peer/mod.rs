//! The program talks to another than it thinks.

pub(super) mod port_hijack;
pub(super) mod self_connect;
