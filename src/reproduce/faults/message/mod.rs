//! Bytes that did not come as they were sent.

pub(super) mod not_utf8;
pub(super) mod partial_read;
pub(super) mod too_large;
pub(super) mod truncated_datagram;
