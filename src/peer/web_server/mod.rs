//! A web server that answers every request in one way, right or wrong: with a page, with half of one, with an error,
//! with something that is no HTTP at all; over TCP or over TLS, with a certificate that is good or is not.
//!
//! One request a connection, `Connection: close`. It knows no files and no names: every path has the same page.

mod answer;
mod identity;
mod request;
mod says;
mod wire;

pub use identity::{Identity, Paper};
pub use says::Says;

use super::Serve;
use crate::socket::{Socket, Stream};
use crate::trace::Recorder;
use answer::{Answer, Then};
use request::Request;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use wire::Wire;

/// How long a client may take for its request, and for each piece of the answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the server goes on reading after its answer: what is unread when it closes would make a reset of the end.
const FAREWELL: Duration = Duration::from_secs(2);
/// How much is read meanwhile.
const MOST_READ_AT_FAREWELL: usize = 1 << 20;

/// What the server does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What it answers.
    pub says: Says,
    /// The status of [`Says::Error`].
    pub status: u16,
    /// Where [`Says::Redirect`] leads; whoever asks for this gets the page.
    pub location: String,
    /// To how many requests it answers so, before it gives everyone the page; `None` for all.
    pub first: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { says: Says::Page, status: 503, location: "/page".to_owned(), first: None }
    }
}

/// The role.
#[derive(Debug)]
pub struct WebServer {
    settings: Settings,
    recorder: Recorder,
    identity: Option<Identity>,
    answered: AtomicU64,
}

impl WebServer {
    /// A server that speaks TLS when it has an `identity`.
    pub fn new(recorder: &Recorder, settings: Settings, identity: Option<Identity>) -> Self {
        Self { settings, recorder: recorder.clone(), identity, answered: AtomicU64::new(0) }
    }

    fn converse(&self, wire: &mut Wire) -> io::Result<()> {
        // Who does not speak HTTP may be the first to speak; SSH servers are.
        if self.settings.says == Says::NotHttp {
            let says = self.says_now();
            if says == Says::NotHttp {
                return self.greet(wire);
            }
        }
        let Some(request) = Request::read(wire)? else { return Ok(()) };
        let says = if self.settings.says == Says::NotHttp { Says::Page } else { self.says_now() };
        let Answer { head, body, then } = answer::to(&request, says, &self.settings);
        let body = if request.is_head() { Vec::new() } else { body };
        self.send(wire, &[head, body].concat())?;
        if let Then::OnAndOn(piece) = then {
            loop {
                self.send(wire, &piece)?;
            }
        }
        Ok(())
    }

    /// What an SSH server does with an HTTP client.
    fn greet(&self, wire: &mut Wire) -> io::Result<()> {
        self.send(wire, answer::SSH_BANNER)?;
        Request::read(wire)?;
        self.send(wire, answer::SSH_REFUSAL)
    }

    /// What this request is answered.
    fn says_now(&self) -> Says {
        let before = self.answered.fetch_add(1, Ordering::Relaxed);
        if self.settings.first.is_none_or(|first| before < first) { self.settings.says } else { Says::Page }
    }

    fn send(&self, wire: &mut Wire, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        wire.stream().until(self.recorder.deadline(PATIENCE));
        wire.write_all(bytes)
    }

    /// Ends the stream in order, whatever the client still sends.
    fn take_leave(&self, mut wire: Wire) {
        wire.finish();
        let stream = wire.stream();
        stream.until(self.recorder.deadline(FAREWELL));
        if stream.socket().finish_sending().is_ok() {
            let mut left = MOST_READ_AT_FAREWELL;
            let mut room = vec![0; 16 * 1024];
            while let Ok(read @ 1..) = stream.read(&mut room) {
                match left.checked_sub(read) {
                    Some(less) => left = less,
                    None => break,
                }
            }
        }
        wire.close();
    }
}

impl Serve for WebServer {
    fn connection(&self, client: Socket) {
        let stream = Stream::new(client, self.recorder.deadline(PATIENCE));
        let Some(mut wire) = Wire::new(stream, self.identity.as_ref()) else { return };
        // Whatever the client did, the next one is served.
        let _ = self.converse(&mut wire);
        self.take_leave(wire);
    }

    fn datagram(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}
