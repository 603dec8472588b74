//! Answers half, then breaks the connection off with a RST.

use super::requests::Requests;
use super::{Reply, Serve};
use crate::socket::{Choice, Socket};
use std::thread;
use std::time::Duration;

/// The role.
pub struct Resetter {
    /// What it would answer.
    pub reply: Reply,
    /// Between the half and the RST, which throws away what the client has not read by then.
    pub pause: Duration,
}

impl Serve for Resetter {
    fn connection(&self, client: Socket) {
        // From here on closing resets, however the connection ends.
        let Ok(client) = client.with(Choice::ResetOnClose) else { return };
        let Some(request) = Requests::of(&client).next() else { return };
        let answer = (self.reply)(&request) + "\n";
        let half = &answer.as_bytes()[..answer.len() / 2];
        if client.send_all(half).is_ok() {
            thread::sleep(self.pause);
        }
        client.close();
    }

    fn datagram(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}
