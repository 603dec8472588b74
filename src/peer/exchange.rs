//! What clients share: whom they ask, and one exchange.

use crate::failure::{Failure, Op, Protocol, Why};
use crate::socket::Socket;
use crate::trace::{Actor, Deadline};
use crate::transform::{datagram, line_end, without_return};
use std::net::SocketAddr;

/// How much one `recv` asks for; no datagram is longer.
const CHUNK: usize = 65_535;
/// The longest reply that is taken.
const LONGEST: usize = 1 << 20;

/// Whom a client talks to, and over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The transport.
    pub protocol: Protocol,
    /// The server.
    pub address: SocketAddr,
}

impl Target {
    /// A socket that is connected to it; over UDP that sends nothing.
    pub(super) fn connect(self, actor: &Actor, by: &Deadline) -> Result<Socket, Failure> {
        let socket = Socket::new(actor, self.protocol, self.address)?;
        match self.protocol {
            Protocol::Tcp => socket.connect_by(self.address, by)?,
            Protocol::Udp => socket.connect(self.address)?,
        }
        socket.to_another()
    }

    /// Sends `text` and gives the reply, both without a line end. Over TCP a reply may end with the stream.
    pub(super) fn ask(self, socket: &mut Socket, text: &str, by: &Deadline) -> Result<String, Failure> {
        if self.protocol == Protocol::Udp {
            socket.send(text.as_bytes())?;
            let reply = socket.receive_by(CHUNK, by)?;
            return Ok(String::from_utf8_lossy(datagram(&reply)).into_owned());
        }
        socket.send_all_by(format!("{text}\n").as_bytes(), by)?;
        let mut reply = Vec::new();
        loop {
            let chunk = socket.receive_by(CHUNK, by)?;
            reply.extend_from_slice(&chunk);
            if let Some(end) = line_end(&reply) {
                return Ok(String::from_utf8_lossy(without_return(&reply[..end])).into_owned());
            }
            if chunk.is_empty() && reply.is_empty() {
                return Err(socket.reject(Op::Receive, Why::Closed));
            }
            if chunk.is_empty() {
                return Ok(String::from_utf8_lossy(&reply).into_owned());
            }
            if reply.len() > LONGEST {
                return Err(socket.reject(Op::Receive, Why::TooLong { most: LONGEST }));
            }
        }
    }
}

/// In one word why an exchange failed: the name of the errno, `timeout` when the program's own limit ended it (EAGAIN is
/// how the kernel reports that of a receiving call), `closed` when the other end did.
pub(super) fn word(failure: &Failure) -> String {
    match &failure.why {
        Why::Deadline { .. } => "timeout".to_owned(),
        Why::Errno(errno) if errno.name == "EAGAIN" => "timeout".to_owned(),
        Why::Errno(errno) => errno.name.clone().into_owned(),
        Why::Closed => "closed".to_owned(),
        Why::SelfConnected => "self-connected".to_owned(),
        Why::TooLong { .. } => "too-long".to_owned(),
        _ => "unusable".to_owned(),
    }
}
