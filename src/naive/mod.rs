//! The programs as a student first writes them: blocking, one client at a time, one `recv` taken for one
//! message, no time-out, no `SO_REUSEADDR`. They die or hang where such programs do; that is what they are for.
//! Their calls are recorded like anyone's.

pub mod client;
pub mod name;
pub mod page;
pub mod server;

use crate::failure::{Failure, Op, Why};
use crate::socket::Socket;

/// The most that one `recv` asks for. A longer message is cut there.
const BUFFER: usize = 1024;

/// What Python's `bytes.decode()` does: text, or the end of the program.
fn decode(socket: &Socket, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|_| socket.reject(Op::Receive, Why::NotUtf8))
}
