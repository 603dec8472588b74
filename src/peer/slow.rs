//! Answers rightly, after a delay; several clients at once, so that what is slow is the answer and not the queue.

use super::requests::Requests;
use super::{Reply, Serve};
use crate::socket::Socket;
use crate::transform;
use std::thread;
use std::time::Duration;

/// The role.
pub struct Slow {
    /// What it answers.
    pub reply: Reply,
    /// How long each answer takes.
    pub delay: Duration,
}

impl Slow {
    fn answer(&self, request: &str) -> String {
        thread::sleep(self.delay);
        (self.reply)(request)
    }
}

impl Serve for Slow {
    fn connection(&self, client: Socket) {
        for request in Requests::of(&client) {
            let answer = self.answer(&request) + "\n";
            if client.send_all(answer.as_bytes()).is_err() {
                break;
            }
        }
        client.close();
    }

    fn datagram(&self, data: &[u8]) -> Option<Vec<u8>> {
        let request = String::from_utf8_lossy(transform::datagram(data));
        Some(self.answer(&request).into_bytes())
    }

    fn takes_its_time(&self) -> bool {
        true
    }
}
