//! A page client: the course module's `fetch_web_page()`. It reads until the stream ends, takes whatever came for the
//! page, head and all, and for text in UTF-8; it looks at neither the status nor the length.

use super::client::patient;
use super::decode;
use crate::failure::{Failure, Protocol};
use crate::socket::Socket;
use crate::trace::Actor;
use std::net::SocketAddr;
use std::time::Duration;

/// What one `recv` asks for.
const BUFFER: usize = 4096;
/// How much of it the program prints, in characters.
pub const PRINTED: usize = 500;

/// Asks `server` for `/` and gives everything that came until the end of the stream; empty text is no error to it, nor
/// is half a page. `patience` (`SO_RCVTIMEO`) is for each `recv`, and is what the module leaves out.
pub fn get(actor: &Actor, server: SocketAddr, patience: Option<Duration>) -> Result<String, Failure> {
    let (socket, bytes) = download(actor, server, patience)?;
    decode(&socket, bytes)
}

/// The same before it is text, with the connection, whose other end has closed.
pub fn download(
    actor: &Actor,
    server: SocketAddr,
    patience: Option<Duration>,
) -> Result<(Socket, Vec<u8>), Failure> {
    let socket = patient(Socket::new(actor, Protocol::Tcp, server)?, patience)?;
    socket.connect(server)?;
    socket.send_all(request(server).as_bytes())?;
    let bytes = read_to_end(&socket)?;
    Ok((socket, bytes))
}

/// The request, to the letter.
pub fn request(server: SocketAddr) -> String {
    format!("GET / HTTP/1.1\r\nHost:{}\r\nConnection: close\r\n\r\n", server.ip())
}

fn read_to_end(socket: &Socket) -> Result<Vec<u8>, Failure> {
    let mut response = Vec::new();
    loop {
        let data = socket.receive(BUFFER)?;
        if data.is_empty() {
            return Ok(response);
        }
        response.extend(data);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_is_the_modules() {
        let server = SocketAddr::from(([192, 0, 2, 7], 80));
        assert_eq!(request(server), "GET / HTTP/1.1\r\nHost:192.0.2.7\r\nConnection: close\r\n\r\n");
    }
}
