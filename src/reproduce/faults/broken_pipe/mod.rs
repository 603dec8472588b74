//! Writing into a connection that is closed.

pub(super) mod write_after_close;
