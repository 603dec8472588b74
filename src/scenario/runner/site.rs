//! Where the programs of a run are: on this host, or on the hosts of a virtual network.

use super::process::{Order, Pipes, Process};
use crate::vnet::{Broken, Network};
use std::io;
use std::sync::Arc;

/// Where programs are.
#[derive(Clone, Debug)]
pub(super) enum Site {
    /// On this host, all of them.
    Here,
    /// On hosts of this network.
    There(Arc<Network>),
}

impl Site {
    /// Does something where the programs of a host are: reads a socket table, connects.
    pub(super) fn on<T: Send>(&self, host: &str, act: impl FnOnce() -> T + Send) -> io::Result<T> {
        match self {
            Self::Here => Ok(act()),
            Self::There(network) => network.within(host, act).map_err(|broken| error(&broken)),
        }
    }

    /// What is not as it is everywhere, if anything.
    pub(super) fn note(&self) -> Option<String> {
        let Self::There(network) = self else { return None };
        let host = network.topology().hosts.first()?;
        let timeouts = network.timeouts(&host.name).ok()?;
        Some(format!("kernels here give up in seconds: {timeouts}"))
    }

    /// Starts a program. On this host the thread that does has to live as long as the program.
    pub(super) fn start(&self, host: &str, order: &Arc<Order>) -> io::Result<(Process, Pipes)> {
        match self {
            Self::Here => Process::start(order),
            Self::There(network) => {
                let order = Arc::clone(order);
                network.resident(host, move || Process::start(&order)).map_err(|broken| error(&broken))?
            }
        }
    }
}

fn error(broken: &Broken) -> io::Error {
    io::Error::other(broken.to_string())
}
