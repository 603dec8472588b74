//! No descriptor for another socket.

pub(super) mod accept;
