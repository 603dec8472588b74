//! Toxiproxy's control API (2.12) over HTTP, for its clients, and a few routes of ours.
//!
//! | route | |
//! |-|-|
//! | `/proxies`, `/proxies/{p}`, `/proxies/{p}/toxics`, `/proxies/{p}/toxics/{t}` | as Toxiproxy |
//! | `/populate`, `/reset`, `/version`, `/metrics` | as Toxiproxy |
//! | `/events` | what happens from now on, a line of JSON each |
//!
//! Where this differs on purpose from Toxiproxy is in the handbook's page `docs/proxy.md`.

mod answer;
mod lines;
mod routes;
mod service;

use super::{Control, relay::Problem};
use crate::failure::Failure;
use std::fmt;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

/// How the API works.
#[derive(Clone)]
pub struct Options {
    /// Whether `/metrics` is there.
    pub metrics: bool,
    /// What the live system shows of a bind that failed.
    pub explain: Explain,
}

/// Tells why a bind failed, in words, and a command that shows more.
pub type Explain = Arc<dyn Fn(&Failure) -> Explanation + Send + Sync>;

/// Why something failed.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// In words.
    pub why: Option<String>,
    /// A command to go on with.
    pub next: Option<String>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("metrics", &self.metrics).finish_non_exhaustive()
    }
}

/// Serves the API on `listener`, in a thread of its own, until the process or the relay ends.
pub fn start(listener: TcpListener, control: Control, options: Options) -> io::Result<JoinHandle<()>> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::Builder::new().name("netfault-api".into()).spawn(move || {
        let ended = runtime.block_on(service::serve(listener, control, Arc::new(options)));
        if let Err(error) = ended {
            tracing::warn!(%error, "the control API has ended");
        }
    })
}
