//! One question to one name server, over UDP and over TCP. What comes and is no reply to it is told and left.

use super::message::{Question, Reply, unframed};
use super::{Asking, Kind};
use crate::failure::{Failure, Op, Protocol, Why};
use crate::socket::{Choice, Socket};
use crate::trace::{Actor, Deadline, Fact, Source};
use hickory_proto::rr::Name;
use std::net::SocketAddr;
use std::time::Duration;

/// The longest message.
const LONGEST: usize = 65_535;
/// So many things that are no reply are told of one question.
const MOST_TOLD: usize = 4;
/// After so many of them it is a flood, and nobody waits for a reply in it.
const MOST_READ: usize = 256;

/// Asks one name server over UDP, once, and gives what it says, cut off or not. For who wants to see just that.
pub fn over_udp(
    actor: &Actor,
    server: SocketAddr,
    name: &Name,
    kind: Kind,
    by: &Deadline,
) -> Result<Reply, Failure> {
    let asking = Asking { actor, server, name, text: "", kind, patience: Duration::MAX, by };
    asking.over_udp(&Question::new(name, kind, true), &mut |_| ())
}

impl Asking<'_> {
    /// One datagram out, and the reply back. The socket is connected: what others send does not come.
    pub(super) fn over_udp(
        &self,
        question: &Question,
        tell: &mut dyn FnMut((Source, Fact)),
    ) -> Result<Reply, Failure> {
        let by = self.by.or_within(self.patience);
        let socket = Socket::new(self.actor, Protocol::Udp, self.server)?;
        let mut socket = socket.with(Choice::KeepIcmpErrors)?;
        socket.connect(self.server)?;
        socket.send(question.bytes())?;
        for number in 0..MOST_READ {
            let datagram = socket.receive_by(LONGEST, &by)?;
            match question.read(&datagram, Protocol::Udp) {
                Ok(reply) => return Ok(reply),
                Err(because) if number < MOST_TOLD => tell(self.ignored(because)),
                Err(_) => {}
            }
        }
        tell(self.ignored(format!("{MOST_READ} datagrams came, and none is a reply")));
        Err(socket.reject(Op::Receive, Why::Deadline { limit: by.limit() }))
    }

    /// The same on a stream. The message ends where its length says, and the stream may end before.
    pub(super) fn over_tcp(
        &self,
        question: &Question,
        tell: &mut dyn FnMut((Source, Fact)),
    ) -> Result<Reply, Failure> {
        let by = self.by.or_within(self.patience);
        let mut socket = Socket::new(self.actor, Protocol::Tcp, self.server)?;
        socket.connect_by(self.server, &by)?;
        socket.send_all_by(&question.framed(), &by)?;
        let mut came = Vec::new();
        loop {
            if let Some(message) = unframed(&came) {
                let read = question.read(message, Protocol::Tcp);
                return read.map_err(|because| {
                    tell(self.ignored(because.clone()));
                    socket.reject(Op::Receive, self.unresolved(because))
                });
            }
            let chunk = socket.receive_by(LONGEST, &by)?;
            if chunk.is_empty() {
                return Err(socket.reject(Op::Receive, Why::Closed));
            }
            came.extend(chunk);
        }
    }

    fn unresolved(&self, message: String) -> Why {
        Why::Unresolved { name: self.text.to_owned(), message }
    }
}
