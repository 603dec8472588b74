//! A UDP socket: one datagram in, one datagram out, whatever it holds.

use super::batch::Batch;
use super::client::Next;
use super::{Settings, Summary};
use crate::transform::{self, Refusal, Timestamp};
use mio::net::UdpSocket;
use std::io::ErrorKind;
use std::net::SocketAddr;

/// The most data that a datagram over IPv4 can carry (65,535 less the IP and UDP headers).
const LARGEST: usize = 65_507;

/// Batches of one socket before the others have their turn.
const BATCHES: usize = 8;

/// A bound UDP socket, and the replies that it did not take yet.
#[derive(Debug)]
pub(super) struct Datagrams {
    socket: UdpSocket,
    address: SocketAddr,
    batch: Batch,
}

impl Datagrams {
    pub(super) fn new(socket: UdpSocket, address: SocketAddr) -> Self {
        Self { socket, address, batch: Batch::new() }
    }

    /// Answers what has arrived, as far as one turn allows.
    pub(super) fn turn(&mut self, settings: &Settings, stamp: &Timestamp, summary: &mut Summary) -> Next {
        for _ in 0..BATCHES {
            if !self.send(summary) {
                return Next::Wait;
            }
            match self.batch.receive(&self.socket) {
                Ok(true) => {}
                Ok(false) => return Next::Wait,
                // An earlier reply met a closed port: ECONNREFUSED, or WSAECONNRESET on Windows. It is not about
                // this datagram.
                Err(error) => {
                    if error.kind() != ErrorKind::Interrupted {
                        tracing::debug!(socket = %self.address, %error, "recv");
                        summary.fail(&error);
                    }
                    continue;
                }
            }
            let address = self.address;
            self.batch.answer(|data, from, out| answer(data, from, address, settings, stamp, summary, out));
        }
        Next::Again
    }

    /// Sends the replies, and tells whether all of them are gone. Each that cannot be sent is counted and dropped,
    /// as the network would.
    fn send(&mut self, summary: &mut Summary) -> bool {
        loop {
            match self.batch.send(&self.socket) {
                Ok(()) => return true,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    tracing::debug!(socket = %self.address, %error, "send");
                    summary.fail(&error);
                    self.batch.skip();
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
