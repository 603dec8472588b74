//! Answers in pieces: what one `send` of a program is, is not what one `recv` of the other gives.

use super::requests::Requests;
use super::{Reply, Serve};
use crate::failure::Failure;
use crate::socket::{Choice, Socket};
use std::num::NonZeroUsize;
use std::thread;
use std::time::Duration;

/// The role.
pub struct Fragments {
    /// What it answers.
    pub reply: Reply,
    /// Bytes in each piece.
    pub size: NonZeroUsize,
    /// Between two pieces.
    pub pause: Duration,
}

impl Fragments {
    fn in_pieces(&self, client: &Socket, answer: &[u8]) -> Result<(), Failure> {
        for (number, piece) in answer.chunks(self.size.get()).enumerate() {
            if number > 0 {
                thread::sleep(self.pause);
            }
            client.send_all(piece)?;
        }
        Ok(())
    }
}

impl Serve for Fragments {
    fn connection(&self, client: Socket) {
        // Without the option the kernel would join the pieces that follow an unacknowledged one (RFC 896).
        let Ok(client) = client.with(Choice::NoDelay) else { return };
        for request in Requests::of(&client) {
            let answer = (self.reply)(&request) + "\n";
            if self.in_pieces(&client, answer.as_bytes()).is_err() {
                break;
            }
        }
        client.close();
    }

    /// A datagram comes whole or not at all.
    fn datagram(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}
