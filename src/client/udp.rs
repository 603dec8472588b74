//! One request, one datagram back.

use super::{Limits, session::Answer};
use crate::failure::{Failure, Op, Protocol, Why};
use crate::socket::Socket;
use crate::trace::{Actor, Deadline};
use std::net::SocketAddr;

/// The longest payload of a UDP datagram: its length field counts 65,535 bytes, 8 of them the header (RFC 768).
const LONGEST: usize = 65_527;

/// Sends `line` to `peer` and waits for the reply.
///
/// The socket is connected: datagrams of others are dropped by the kernel, and an ICMP "port unreachable" fails the
/// next call (ECONNREFUSED; `WSAECONNRESET` on Windows). It is a new one each time, with a port of its own, so that a
/// late reply to an earlier request is not taken for the reply to this one. `asked_before` keeps the sockets
/// of the requests of this exchange that got none: while they are open, the kernel gives their ports to nobody.
pub(super) fn ask(
    actor: &Actor,
    peer: SocketAddr,
    line: &str,
    limits: &Limits,
    by: &Deadline,
    asked_before: &mut Vec<Socket>,
) -> Result<Answer, Failure> {
    let mut socket = Socket::new(actor, Protocol::Udp, peer)?;
    let asked = send_and_receive(&mut socket, peer, line, limits, by);
    asked_before.push(socket);
    Ok(Answer { reply: asked?, from: peer })
}

fn send_and_receive(
    socket: &mut Socket,
    peer: SocketAddr,
    line: &str,
    limits: &Limits,
    by: &Deadline,
) -> Result<Vec<u8>, Failure> {
    // Nothing is sent: connecting a datagram socket only names its peer, udp(7).
    socket.connect(peer)?;
    socket.send(line.as_bytes())?;
    // One byte more than is taken, so that a longer datagram is seen and not cut.
    let reply = socket.receive_by(limits.longest_reply.min(LONGEST) + 1, by)?;
    if reply.len() > limits.longest_reply {
        return Err(socket.reject(Op::Receive, Why::TooLong { most: limits.longest_reply }));
    }
    Ok(reply)
}
