//! TCP connections through the proxy: two sockets, and a flow each way.

mod connection;
mod flow;
mod plain;
mod side;
mod tube;

pub(super) use connection::{Connection, Dial, Next, Server};
use side::Side;
pub(super) use tube::Tubes;

/// What a flow needs from the relay for one turn.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    /// The time.
    pub(super) now: std::time::Duration,
    /// Room to read into, shared by all connections.
    pub(super) buffer: &'a mut [u8],
    /// Ways around it, for much at once.
    pub(super) tubes: &'a mut Tubes,
    /// What toxics did on the way up.
    pub(super) acts: &'a mut Vec<super::stream::Act>,
    /// And on the way down.
    pub(super) down: &'a mut Vec<super::stream::Act>,
    /// Bytes that all connections hold may still grow.
    pub(super) has_memory: bool,
    /// What was moved.
    pub(super) counters: &'a mut super::metrics::Counters,
}
