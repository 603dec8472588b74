//! Takes everything and answers nothing: a program that hangs in its own work.

use super::Serve;
use crate::socket::Socket;

/// How much one `recv` asks for.
const CHUNK: usize = 64 * 1024;

/// The role.
#[derive(Debug)]
pub struct Silent;

impl Serve for Silent {
    fn connection(&self, client: Socket) {
        while client.receive(CHUNK).is_ok_and(|bytes| !bytes.is_empty()) {}
        client.close();
    }

    fn datagram(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}
