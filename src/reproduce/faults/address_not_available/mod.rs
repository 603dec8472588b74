//! An address that this host cannot give to a socket.

pub(super) mod ephemeral_exhausted;
pub(super) mod not_local;
