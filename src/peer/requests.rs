//! Requests on a connection: lines, and what arrives without a line end before a pause.

use crate::socket::Socket;
use crate::transform::{line_end, without_return};
use std::time::Duration;

/// How much one `recv` asks for.
const CHUNK: usize = 16 * 1024;
/// A line may be so long; who sends more is not served.
const LONGEST: usize = 1 << 20;
/// What has arrived counts as a line when nothing more comes for so long: there are clients that send no line end.
const QUIET: Duration = Duration::from_millis(200);

/// The requests of one client.
pub(super) struct Requests<'a> {
    socket: &'a Socket,
    unread: Vec<u8>,
}

impl<'a> Requests<'a> {
    pub(super) fn of(socket: &'a Socket) -> Self {
        Self { socket, unread: Vec::new() }
    }
}

impl Iterator for Requests<'_> {
    type Item = String;

    /// The next request, without its line end; bytes that are not UTF-8 become U+FFFD. `None` at the end of the
    /// stream, and when the connection breaks.
    fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = line_end(&self.unread) {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Some(text(without_return(&line[..end])));
            }
            let arrived = !self.unread.is_empty();
            if self.unread.len() > LONGEST {
                return None;
            }
            if arrived && !self.socket.comes_within(QUIET).ok()? {
                return Some(text(&std::mem::take(&mut self.unread)));
            }
            let chunk = self.socket.receive(CHUNK).ok()?;
            if chunk.is_empty() {
                return arrived.then(|| text(&std::mem::take(&mut self.unread)));
            }
            self.unread.extend_from_slice(&chunk);
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
