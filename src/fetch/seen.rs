//! What another program got, read as this one reads what it gets: a naive client keeps no facts by itself.

use super::first_bytes::first_bytes;
use super::http::response_in;
use crate::trace::Fact;
use std::net::SocketAddr;

/// What the bytes are that `peer` sent: the head of a response, or else how they begin; `None` when there are none.
pub fn seen(peer: SocketAddr, bytes: &[u8]) -> Option<Fact> {
    response_in(bytes, peer).map(Fact::Response).or_else(|| first_bytes(peer, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Framing;

    #[test]
    fn a_response_is_read_as_one_and_anything_else_by_how_it_begins() {
        let peer = SocketAddr::from(([127, 0, 0, 1], 80));
        let Some(Fact::Response(response)) = seen(peer, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        else {
            panic!("no response");
        };
        assert_eq!(
            (response.status, response.framing, response.length),
            (200, Framing::ContentLength, Some(9))
        );
        assert_eq!(response.head_bytes, 38);
        let Some(Fact::FirstBytes { looks_like, .. }) = seen(peer, b"SSH-2.0-x\r\n") else {
            panic!("no bytes")
        };
        assert_eq!(looks_like.as_deref(), Some("SSH"));
        assert_eq!(seen(peer, b""), None);
    }
}
