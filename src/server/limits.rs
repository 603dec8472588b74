//! What one client may use, so that no client can take the server from the others.

use std::time::Duration;

/// Limits of a server. Each holds for every client by itself, `connections` for all together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// Bytes of a request, its line end not counted. A longer one is answered with `ERR too-long`; what follows
    /// on a stream is skipped up to the next line.
    pub line: usize,
    /// After this long without a request a connection is closed.
    pub idle: Duration,
    /// A line that has begun must end within this, however its bytes trickle in; else `ERR too-slow` and close.
    pub delivery: Duration,
    /// Replies that the client does not take within this close its connection.
    pub write: Duration,
    /// After this long without another byte, what has arrived counts as a line.
    pub quiet: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            line: 65_536,
            idle: Duration::from_secs(60),
            delivery: Duration::from_secs(10),
            write: Duration::from_secs(10),
            quiet: Duration::from_millis(200),
        }
    }
}
