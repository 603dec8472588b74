//! One connection: a line out, a line back.

use super::{Limits, session::Answer};
use crate::failure::{Failure, Op, Protocol, Why};
use crate::socket::Socket;
use crate::trace::{Actor, Deadline};
use crate::transform::{line_end, without_return};
use std::net::SocketAddr;

/// How much one `recv` asks for.
const CHUNK: usize = 4096;

/// A connection on which no request is under way.
#[derive(Debug)]
pub(super) struct Connection {
    socket: Socket,
    pub(super) peer: SocketAddr,
}

impl Connection {
    /// Connects to `peer`.
    pub(super) fn open(actor: &Actor, peer: SocketAddr, by: &Deadline) -> Result<Self, Failure> {
        let socket = Socket::new(actor, Protocol::Tcp, peer)?;
        socket.connect_by(peer, by)?;
        Ok(Self { socket: socket.to_another()?, peer })
    }

    /// Sends `line` and reads its reply, which ends with a line end, or with the stream: servers that know no
    /// lines close after their reply. Gives the connection back where it can be used again.
    pub(super) fn ask(
        mut self,
        actor: &Actor,
        line: &str,
        limits: &Limits,
        by: &Deadline,
    ) -> Result<(Answer, Option<Self>), Failure> {
        // One call for both, so that the line end does not wait for the acknowledgement of the line.
        self.socket.send_all_by(format!("{line}\n").as_bytes(), by)?;
        let mut reply = Vec::new();
        loop {
            let seen = reply.len();
            let chunk = self.socket.receive_by(CHUNK, by)?;
            reply.extend_from_slice(&chunk);
            let end = line_end(&chunk).map(|end| seen + end);
            if end.unwrap_or(reply.len()) > limits.longest_reply {
                return Err(self.socket.reject(Op::Receive, Why::TooLong { most: limits.longest_reply }));
            }
            if let Some(end) = end {
                // What comes after the reply answers nothing that was asked: the two ends are out of step.
                let in_step = end + 1 == reply.len();
                let answer = Answer { reply: without_return(&reply[..end]).to_vec(), from: self.peer };
                return Ok((answer, in_step.then_some(self)));
            }
            if chunk.is_empty() {
                if reply.is_empty() {
                    return Err(self.socket.reject(Op::Receive, Why::Closed));
                }
                actor.note("the reply ended with the stream, without a line end");
                return Ok((Answer { reply, from: self.peer }, None));
            }
        }
    }
}
