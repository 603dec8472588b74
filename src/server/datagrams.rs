//! A UDP socket: one datagram in, one datagram out, whatever it holds.

use super::client::Next;
use super::{Settings, Summary};
use crate::readiness::{Batch, LARGEST, Outbox};
use crate::transform::{self, Refusal, Timestamp};
use mio::net::UdpSocket;
use mio::{Interest, Registry, Token};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;

/// Batches of one socket before the others have their turn.
const BATCHES: usize = 8;

/// A bound UDP socket, and the replies that it did not take yet.
#[derive(Debug)]
pub(super) struct Datagrams {
    socket: UdpSocket,
    address: SocketAddr,
    batch: Batch,
    replies: Outbox,
    /// The socket took no more replies; nothing is received until it does.
    blocked: bool,
}

impl Datagrams {
    /// Begins to watch the socket. Room to send is watched only while there is none: on Linux the socket tells of
    /// it after every datagram that it has sent.
    pub(super) fn watch(socket: std::net::UdpSocket, registry: &Registry, token: Token) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let mut socket = UdpSocket::from_std(socket);
        registry.register(&mut socket, token, Interest::READABLE)?;
        Ok(Self { socket, address, batch: Batch::default(), replies: Outbox::default(), blocked: false })
    }

    /// Answers what has arrived, as far as one turn allows.
    pub(super) fn turn(
        &mut self,
        registry: &Registry,
        token: Token,
        settings: &Settings,
        stamp: &Timestamp,
        summary: &mut Summary,
    ) -> Next {
        let next = self.exchange(settings, stamp, summary);
        let blocked = self.replies.is_unsent();
        if blocked != self.blocked {
            let interest = if blocked { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
            if let Err(error) = registry.reregister(&mut self.socket, token, interest) {
                tracing::warn!(socket = %self.address, %error, "cannot watch the socket");
                summary.fail(&error);
            }
            self.blocked = blocked;
        }
        next
    }

    fn exchange(&mut self, settings: &Settings, stamp: &Timestamp, summary: &mut Summary) -> Next {
        for _ in 0..BATCHES {
            self.send(summary);
            if self.replies.is_unsent() {
                return Next::Wait;
            }
            match self.batch.receive(&self.socket) {
                Ok(true) => {
                    self.replies.clear();
                    for (data, from) in self.batch.datagrams() {
                        let own = self.address;
                        let answer = |out: &mut _| answer(data, from, own, settings, stamp, summary, out);
                        self.replies.write(Some(from), answer);
                    }
                    self.send(summary);
                }
                Ok(false) => return Next::Wait,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // An earlier reply met a closed port: ECONNREFUSED, or WSAECONNRESET on Windows. It is not about
                // this datagram.
                Err(error) => {
                    tracing::debug!(socket = %self.address, %error, "recv");
                    summary.fail(&error);
                }
            }
        }
        Next::Again
    }

    /// Sends the replies until the socket takes no more. One that cannot be sent is counted and dropped, as the
    /// network would.
    fn send(&mut self, summary: &mut Summary) {
        while self.replies.is_unsent() {
            match self.replies.send(&self.socket) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    tracing::debug!(socket = %self.address, %error, "send");
                    summary.fail(&error);
                    self.replies.skip();
                }
            }
        }
    }
}

/// Appends the reply to `data` to `out`, and tells whether there is one.
fn answer(
    data: &[u8],
    from: SocketAddr,
    own: SocketAddr,
    settings: &Settings,
    stamp: &Timestamp,
    summary: &mut Summary,
    out: &mut Vec<u8>,
) -> bool {
    // Whoever forges a sender can make two servers, or one with itself, answer each other for ever.
    if from == own || from.port() == 0 {
        summary.refuse("own-address");
        return false;
    }
    if !settings.allows(from.ip()) {
        summary.refuse("not-allowed");
        return false;
    }
    let start = out.len();
    let data = transform::datagram(data);
    let refusal = if data.len() > settings.limits.line {
        Err(Refusal::TooLong { limit: settings.limits.line })
    } else {
        let replied = transform::reply(data, settings.reply, stamp, out);
        let fits = out.len() - start <= LARGEST;
        replied.and(if fits { Ok(()) } else { Err(Refusal::TooLong { limit: LARGEST }) })
    };
    match refusal {
        Ok(()) => summary.datagrams += 1,
        Err(refusal) => {
            summary.refuse(refusal.code());
            out.truncate(start);
            transform::refuse(refusal, settings.reply, out);
        }
    }
    true
}
