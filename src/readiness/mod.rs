//! What event loops share: a listener that goes on when a connection cannot be accepted, and datagrams many at a
//! time, and a wait that is as short as it is asked for.

mod batch;
mod listener;
#[cfg(unix)]
#[path = "sys/unix.rs"]
mod wait;
#[cfg(not(unix))]
#[path = "sys/other.rs"]
mod wait;

pub use batch::{Batch, LARGEST, Outbox};
pub use listener::Listener;
pub use wait::wait;

/// Whether a read that did not fill the buffer means that nothing is left, so that the next event will tell. It
/// does with epoll (epoll(7), question 9) and kqueue; on Windows only `WouldBlock` asks for the next event.
pub const SHORT_READ_IS_LAST: bool = cfg!(unix);
