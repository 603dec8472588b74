//! The three ways to serve several clients that the course module asks about.

use super::Limits;
use std::fmt;

/// The most threads that [`Model::Threads`] has.
const POOL: usize = 64;

/// How many threads serve how many clients at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Model {
    /// One thread, all clients.
    #[default]
    EventLoop,
    /// A thread for each client, from a bounded pool.
    Threads,
    /// One thread, one client after the other.
    Sequential,
}

/// What one engine takes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    /// The most clients at a time.
    pub(super) clients: usize,
    /// Whether a client too many is turned away; else it waits in the kernel's accept queue.
    pub(super) turns_away: bool,
}

impl Model {
    /// Every model there is.
    pub const ALL: &[Self] = &[Self::EventLoop, Self::Threads, Self::Sequential];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EventLoop => "event-loop",
            Self::Threads => "threads",
            Self::Sequential => "sequential",
        }
    }

    /// The number of threads, at least 1, and what each takes on.
    pub(super) fn shape(self, limits: &Limits) -> (usize, Shape) {
        match self {
            Self::EventLoop => (1, Shape { clients: limits.connections, turns_away: true }),
            Self::Threads => (limits.connections.clamp(1, POOL), Shape { clients: 1, turns_away: false }),
            Self::Sequential => (1, Shape { clients: 1, turns_away: false }),
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
