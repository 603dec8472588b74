//! Sends back what it gets, byte for byte: whatever goes missing or changes did so on the way.

use super::Serve;
use crate::socket::Socket;

/// How much one `recv` asks for.
const CHUNK: usize = 16 * 1024;

/// The role.
#[derive(Debug)]
pub struct Echo;

impl Serve for Echo {
    fn connection(&self, client: Socket) {
        while let Ok(bytes) = client.receive(CHUNK) {
            if bytes.is_empty() || client.send_all(&bytes).is_err() {
                break;
            }
        }
        client.close();
    }

    fn datagram(&self, data: &[u8]) -> Option<Vec<u8>> {
        Some(data.to_vec())
    }
}
