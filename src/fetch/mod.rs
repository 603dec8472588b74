//! Fetches a page as a careful program does: the name over UDP, the page over TCP or TLS, one deadline over
//! everything, every stage timed, every failure named. Blocking sockets, so that a trace shows exactly the system
//! calls that were made; the formats (DNS, TLS, HTTP, gzip) are those of libraries.
//!
//! **What is repeated.** The request is a GET, which a server may get twice (RFC 9110 §9.2.2): it is sent again after a
//! failure that may pass, unless a part of the body has left this program already and cannot be taken back.

mod issuers;
mod target;

pub use issuers::issuers;
pub use target::Target;

use crate::evidence::Eyes;
use crate::resolver;
use crate::retry::Policy;
use crate::trace::{Deadline, Fetched, Recorder};
use std::io;
use std::time::Duration;

/// What a fetch keeps to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whom to ask for names.
    pub resolver: resolver::Settings,
    /// The longest time that one connection, TLS counted in, may take to be made.
    pub connect: Duration,
    /// The most bytes of a body, after its encoding is undone.
    pub longest_body: u64,
    /// How many redirections are followed.
    pub redirects: usize,
    /// Whether the server's certificate is checked.
    pub verify: bool,
    /// Certificates in DER of issuers to trust besides those that this platform trusts.
    pub trusted: Vec<Vec<u8>>,
    /// How often to try, and how long to wait in between.
    pub policy: Policy,
}

/// Where the bytes of a body go as they come.
pub trait Sink {
    /// Takes the next bytes, with every encoding undone.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Forgets what it took, so that the body can come again; `false` when that cannot be.
    fn start_over(&mut self) -> bool;
}

/// Nobody wants the body.
impl Sink for io::Sink {
    fn write(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn start_over(&mut self) -> bool {
        true
    }
}

/// Fetches `target` by `by`, and gives the body to `sink`. What is seen on the way is kept by `eyes`. The verdict and
/// the next command are the caller's to add.
pub fn fetch(
    recorder: &Recorder,
    eyes: &Eyes,
    target: &Target,
    settings: &Settings,
    sink: &mut dyn Sink,
    by: &Deadline,
) -> io::Result<Fetched> {
    let _ = (recorder, eyes, target, settings, sink, by);
    Err(io::Error::other("to come"))
}
