//! Takes a request and closes without an answer: an orderly end (FIN) where a reply was expected.

use super::Serve;
use super::requests::Requests;
use crate::socket::Socket;

/// The role.
#[derive(Debug)]
pub struct Closer;

impl Serve for Closer {
    fn connection(&self, client: Socket) {
        // Read, so that closing does not become a reset.
        let _ = Requests::of(&client).next();
        client.close();
    }

    fn datagram(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}
