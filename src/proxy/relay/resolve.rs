//! The names in what is asked for become addresses before the relay is asked: looking them up may take long, and the
//! relay never waits.

use super::Problem;
use crate::proxy::host::{self, Unusable};
use crate::proxy::{Spec, SpecChange};
use std::net::SocketAddr;

/// A proxy that is wanted, with the addresses that its names stand for.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub(super) spec: Spec,
    pub(super) listen: SocketAddr,
    pub(super) servers: Vec<SocketAddr>,
}

/// A change of a proxy, likewise.
#[derive(Clone, Debug)]
pub struct ResolvedChange {
    pub(super) listen: Option<(String, SocketAddr)>,
    pub(super) upstream: Option<(String, Vec<SocketAddr>)>,
    pub(super) enabled: Option<bool>,
}

impl Spec {
    /// Looks its names up, which may take long. A server whose name has no address now is looked up again when it is
    /// needed.
    pub fn resolve(self) -> Result<Resolved, Problem> {
        let listen = listen_address(&self.listen)?;
        let servers = host::resolve(&self.upstream).unwrap_or_default();
        Ok(Resolved { spec: self, listen, servers })
    }
}

impl SpecChange {
    /// Looks its names up, which may take long.
    pub fn resolve(self) -> Result<ResolvedChange, Problem> {
        let listen =
            self.listen.map(|shown| listen_address(&shown).map(|listen| (shown, listen))).transpose()?;
        let upstream = self.upstream.map(|name| {
            let servers = host::resolve(&name).unwrap_or_default();
            (name, servers)
        });
        Ok(ResolvedChange { listen, upstream, enabled: self.enabled })
    }
}

fn listen_address(given: &str) -> Result<SocketAddr, Problem> {
    let found = host::resolve(given).map_err(|why| match why {
        Unusable::Shape(wrong) => Problem::Wrong(format!("listen: {wrong}")),
        Unusable::Name(error) => Problem::Name(format!("listen {given}: {error}")),
    })?;
    found.first().copied().ok_or_else(|| Problem::Name(format!("listen {given}: the name has no address")))
}
