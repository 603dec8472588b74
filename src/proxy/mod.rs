//! The fault proxy: stands between two programs and does to their traffic what its toxics say.
//!
//! ```text
//! client ── door ── flow up:   read → toxic → toxic → write ── server
//!                └─ flow down: write ← toxic ← toxic ← read ─┘
//! ```
//!
//! One thread, the relay, owns every proxy, connection and toxic, and never waits for any of them. Whoever wants
//! something of it (the control API, the command line, a scenario) asks through a [`Control`].
//!
//! | | |
//! |-|-|
//! | `toxic/` | toxics as data: types, attributes, how they are read and written |
//! | `stream/` | what they do to a stream, one behaviour a file; no socket, no clock |
//! | `tcp/` `udp/` | connections and datagrams from socket to socket |
//! | `relay/` | the loop, and what can be asked of it |
//! | `api/` | Toxiproxy's control API over HTTP |
//!
//! What they do to datagrams is in [`crate::impair`], which the virtual link shares.

pub mod api;
pub mod config;
mod events;
mod host;
mod metrics;
mod relay;
mod running;
mod spec;
mod stream;
mod tcp;
pub mod toxic;
mod udp;

pub use events::{Heard, Listener};
pub use host::check as check_address;
pub use relay::{Control, Ended, Limits, Problem, Relay, Resolved, ResolvedChange, Settings, Totals};
pub use spec::{Spec, SpecChange};
