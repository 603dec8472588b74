//! Servers: one client after the other, and the first call that fails ends them.
//!
//! What answers is a closure, so that a server can be had without the transform. Neither server can be told to
//! stop: whoever runs one in a thread calls [`answer_tcp`] or [`answer_udp`] as often as there are clients.

use super::{BUFFER, decode};
use crate::failure::{Failure, Protocol};
use crate::socket::Socket;
use crate::trace::Actor;
use crate::transform;
use std::net::SocketAddr;

/// How many connections may wait: `listen(1)`, as the course module has it.
const BACKLOG: i32 = 1;

/// A TCP listener on `address`, without any socket option: the remains of earlier connections keep it from
/// binding.
pub fn bind_tcp(actor: &Actor, address: SocketAddr) -> Result<Socket, Failure> {
    let listener = Socket::new(actor, Protocol::Tcp, address)?;
    listener.bind(address)?;
    listener.listen(BACKLOG)?;
    Ok(listener)
}

/// A UDP socket on `address`, without any socket option.
pub fn bind_udp(actor: &Actor, address: SocketAddr) -> Result<Socket, Failure> {
    let socket = Socket::new(actor, Protocol::Udp, address)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Answers client after client until a call fails; gives that failure.
pub fn serve_tcp(listener: &Socket, reply: impl Fn(&str) -> String) -> Failure {
    loop {
        if let Err(failure) = answer_tcp(listener, &reply) {
            return failure;
        }
    }
}

/// Answers datagram after datagram until a call fails; gives that failure.
pub fn serve_udp(socket: &Socket, reply: impl Fn(&str) -> String) -> Failure {
    loop {
        if let Err(failure) = answer_udp(socket, &reply) {
            return failure;
        }
    }
}

/// Accepts one client, answers what one `recv` gives, and closes the connection first: its remains stay on this
/// side, in `TIME_WAIT`. A client that connects and says nothing is waited for, and everybody else with it.
pub fn answer_tcp(listener: &Socket, reply: impl Fn(&str) -> String) -> Result<(), Failure> {
    let client = listener.accept()?;
    let text = decode(&client, client.receive(BUFFER)?)?;
    client.send_all(reply(without_line_end(&text)).as_bytes())
}

/// Answers one datagram.
pub fn answer_udp(socket: &Socket, reply: impl Fn(&str) -> String) -> Result<(), Failure> {
    let (data, client) = socket.receive_from(BUFFER)?;
    let text = decode(socket, data)?;
    socket.send_to(reply(without_line_end(&text)).as_bytes(), client)?;
    Ok(())
}

/// The line end that `nc` and the hardened client send is not part of the text.
fn without_line_end(text: &str) -> &str {
    &text[..transform::datagram(text.as_bytes()).len()]
}
