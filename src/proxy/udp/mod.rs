//! UDP through the proxy: a socket towards the server for each client, so that each gets its own replies.

mod session;
mod unreachable;

pub(super) use session::{Sent, Session};
pub(super) use unreachable::Unreachable;
