//! Clients: one request, one `recv`, and whatever that gave is the reply.

use super::{BUFFER, decode};
use crate::failure::{Failure, Protocol};
use crate::socket::{Choice, Socket};
use crate::trace::Actor;
use std::net::SocketAddr;
use std::time::Duration;

/// Connects, sends `line` without a line end, and takes what one `recv` gives for the reply; an empty reply is
/// the end of the stream. `patience` (`SO_RCVTIMEO`) is what a student leaves out: without it a silent server
/// is waited for until this program is killed.
pub fn tcp(
    actor: &Actor,
    address: SocketAddr,
    line: &str,
    patience: Option<Duration>,
) -> Result<String, Failure> {
    let socket = patient(Socket::new(actor, Protocol::Tcp, address)?, patience)?;
    socket.connect(address)?;
    socket.send_all(line.as_bytes())?;
    decode(&socket, socket.receive(BUFFER)?)
}

/// Sends `line` as a datagram and takes whatever datagram comes next, from whomever, for the reply. The socket is
/// not connected, so that no ICMP error reaches it (on Linux and macOS).
pub fn udp(
    actor: &Actor,
    address: SocketAddr,
    line: &str,
    patience: Option<Duration>,
) -> Result<String, Failure> {
    let socket = patient(Socket::new(actor, Protocol::Udp, address)?, patience)?;
    socket.send_to(line.as_bytes(), address)?;
    let (reply, _) = socket.receive_from(BUFFER)?;
    decode(&socket, reply)
}

pub(super) fn patient(socket: Socket, patience: Option<Duration>) -> Result<Socket, Failure> {
    match patience {
        Some(limit) => socket.with(Choice::ReadLimit(limit)),
        None => Ok(socket),
    }
}
