//! What event loops share: a listener that goes on when a connection cannot be accepted, and datagrams many at a
//! time. Never waits; the loop does.

mod batch;
mod listener;

pub use batch::{Batch, LARGEST, Outbox};
pub use listener::Listener;

/// Whether a read that did not fill the buffer means that nothing is left, so that the next event will tell. It
/// does with epoll (epoll(7), question 9) and kqueue; on Windows only `WouldBlock` asks for the next event.
pub const SHORT_READ_IS_LAST: bool = cfg!(unix);
