//! The hardened programs, as a fault may borrow them: a client that retries, a server that serves everybody.

use super::stage::{LINE, Recovery, Stage};
use super::trouble::{Trouble, joined};
use crate::client::{self, Limits};
use crate::failure::Protocol;
use crate::retry::{Backoff, Policy};
use crate::server::{self, Server, Shutdown};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::thread;
use std::time::Duration;

/// The hardened client in a trace.
const CLIENT: &str = "hardened client";

/// Shorter than a program in the wild would have them, so that a lesson does not take minutes.
const LIMITS: Limits = Limits {
    connect: Duration::from_millis(300),
    reply: Duration::from_millis(300),
    total: Duration::from_secs(8),
    longest_reply: 4096,
};

impl Stage {
    /// The hardened client asks the server that has these addresses until it is answered.
    pub(super) fn exchange(&self, protocol: Protocol, addresses: &[SocketAddr]) -> Result<Recovery, Trouble> {
        self.exchange_line(protocol, addresses, LINE)
    }

    /// The same with another line.
    pub(super) fn exchange_line(
        &self,
        protocol: Protocol,
        addresses: &[SocketAddr],
        line: &str,
    ) -> Result<Recovery, Trouble> {
        let policy = Policy {
            backoff: Backoff::FullJitter,
            base: Duration::from_millis(50),
            cap: Duration::from_millis(400),
            seed: self.seed(),
            attempts: NonZeroU32::new(100).unwrap_or(NonZeroU32::MIN),
        };
        let settings = client::Settings { protocol, limits: LIMITS, policy, budget: None };
        let reply = client::exchange(&self.actor(CLIENT), &settings, addresses, line)
            .map_err(|gave_up| Trouble::broke(gave_up.to_string()))?;
        Ok(Recovery {
            result: reply.text,
            attempts: reply.attempt,
            met: reply.failures.into_iter().next_back().map(|last| last.failure),
        })
    }

    /// Waits until the hardened client has met the fault.
    pub(super) fn wait_until_client_failed(&self) -> Result<(), Trouble> {
        self.wait_for("the hardened client's first attempt to fail", |event| {
            event.actor == CLIENT && event.what.failure().is_some()
        })
    }

    /// A hardened server on `address`, for as long as `act` takes.
    pub(super) fn serving<T>(
        &self,
        protocol: Protocol,
        address: SocketAddr,
        act: impl FnOnce() -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let (tcp, udp) = match protocol {
            Protocol::Tcp => (vec![address], Vec::new()),
            Protocol::Udp => (Vec::new(), vec![address]),
        };
        let server = Server::bind(server::Settings { tcp, udp, ..server::Settings::default() }).map_err(
            |failure| if failure.is("EADDRINUSE") { Trouble::PortTaken { address } } else { failure.into() },
        )?;
        self.actor("hardened server").note(&format!("serves {protocol} on {address}"));
        let shutdown = Shutdown::new();
        thread::scope(|scope| {
            let running = scope.spawn(|| server.run(&shutdown));
            let ends_server = EndsServer(&shutdown);
            let acted = act();
            drop(ends_server);
            joined(running)?.map_err(|error| Trouble::broke(format!("the server ended: {error}")))?;
            acted
        })
    }

    /// The hardened client fails first; then a server comes up on `address`.
    pub(super) fn server_comes_back(
        &self,
        protocol: Protocol,
        address: SocketAddr,
    ) -> Result<Recovery, Trouble> {
        thread::scope(|scope| {
            let client = scope.spawn(|| self.exchange(protocol, &[address]));
            self.wait_until_client_failed()?;
            self.serving(protocol, address, || joined(client)?)
        })
    }
}

/// Ends a server also when what was done beside it panics.
struct EndsServer<'a>(&'a Shutdown);

impl Drop for EndsServer<'_> {
    fn drop(&mut self) {
        self.0.now();
    }
}
