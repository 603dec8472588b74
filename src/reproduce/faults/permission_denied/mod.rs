//! The system forbids it.

pub(super) mod privileged_port;
