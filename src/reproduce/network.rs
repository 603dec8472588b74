//! Networks of several hosts, as a fault may borrow them.

use super::stage::{Recovery, Stage};
use super::trouble::{Trouble, joined};
use crate::failure::Protocol;
use crate::impair::Direction;
use crate::vnet::{
    Answer, Broken, Change, Filter, Host, Link, Matches, Network, Topology, Traced, Transport,
};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::thread;

/// Where the naive and the hardened client are.
pub(super) const CLIENT: &str = "client";
/// Where the server is.
pub(super) const SERVER: &str = "server";
/// What is between them on a [`Lab::routed`] network.
pub(super) const ROUTER: &str = "router";
/// The client's link.
pub(super) const LINK: &str = "link";
/// The link behind the router.
pub(super) const FAR: &str = "far";

impl From<Broken> for Trouble {
    fn from(broken: Broken) -> Self {
        Self::broke(broken.to_string())
    }
}

/// A network with a client and a server, whose packets are in the stage's trace.
pub(super) struct Lab<'a> {
    stage: &'a Stage,
    network: Network,
}

impl<'a> Lab<'a> {
    /// `client` and `server`, and `link` between them.
    pub(super) fn pair(stage: &'a Stage) -> Result<Self, Trouble> {
        Self::of(
            stage,
            &Topology {
                hosts: vec![Host::new(CLIENT), Host::new(SERVER)],
                links: vec![Link::new(LINK, 1, [0, 1])],
            },
        )
    }

    /// `client`, `router` and `server` in a row, over `link` and `far`.
    pub(super) fn routed(stage: &'a Stage, mtu_of_far: u32) -> Result<Self, Trouble> {
        Self::of(
            stage,
            &Topology {
                hosts: vec![Host::new(CLIENT), Host::router(ROUTER), Host::new(SERVER)],
                links: vec![
                    Link::new(LINK, 1, [0, 1]),
                    Link { mtu: mtu_of_far, ..Link::new(FAR, 2, [1, 2]) },
                ],
            },
        )
    }

    /// One host, with what is on its loopback.
    pub(super) fn alone(stage: &'a Stage) -> Result<Self, Trouble> {
        Self::of(stage, &Topology { hosts: vec![Host::new(CLIENT)], links: Vec::new() })
    }

    fn of(stage: &'a Stage, topology: &Topology) -> Result<Self, Trouble> {
        let trace = Box::new(Traced::new(stage.recorder(), topology));
        let network = Network::start(topology, stage.seed(), stage.recorder(), vec![trace])?;
        Ok(Self { stage, network })
    }

    /// Does something on a host.
    pub(super) fn on<T: Send>(
        &self,
        host: &str,
        act: impl FnOnce() -> Result<T, Trouble> + Send,
    ) -> Result<T, Trouble> {
        self.network.within(host, act)?
    }

    /// The address of the server, as the client finds it.
    pub(super) fn server(&self, v6: bool) -> Result<IpAddr, Trouble> {
        Ok(self.network.address(SERVER, CLIENT, v6)?)
    }

    /// Changes the network, and says so in the trace.
    pub(super) fn change(&self, words: &str, change: Change) -> Result<(), Trouble> {
        self.stage.actor("network").note(words);
        Ok(self.network.change(change)?)
    }

    /// Has the client's link answer so whatever goes to the server's port `port`.
    pub(super) fn filter(&self, words: &str, port: u16, name: &str, answer: Answer) -> Result<(), Trouble> {
        let matches = Matches { protocol: Some(Transport::Tcp), port: Some(port), ..Matches::default() };
        let filter = Filter { matches, direction: Direction::Upstream, answer };
        self.change(words, Change::Filters(LINK.into(), vec![(name.into(), filter)]))
    }

    /// Takes that away again.
    pub(super) fn no_filter(&self, words: &str) -> Result<(), Trouble> {
        self.change(words, Change::Filters(LINK.into(), Vec::new()))
    }

    /// A hardened server on `address`, for as long as `act` takes.
    pub(super) fn serving<T: Send>(
        &self,
        address: SocketAddr,
        act: impl FnOnce() -> Result<T, Trouble> + Send,
    ) -> Result<T, Trouble> {
        self.on(SERVER, || self.stage.serving(Protocol::Tcp, address, act))
    }

    /// The hardened client asks `address` and fails; then the network is healed, and it is answered.
    pub(super) fn client_recovers(
        &self,
        address: SocketAddr,
        heal: impl FnOnce() -> Result<(), Trouble> + Send,
    ) -> Result<Recovery, Trouble> {
        self.on(CLIENT, || {
            thread::scope(|scope| {
                let client = scope.spawn(|| self.stage.exchange(Protocol::Tcp, &[address]));
                self.stage.wait_until_client_failed()?;
                heal()?;
                joined(client)?
            })
        })
    }

    /// Has the client's kernel refuse to send to a network.
    pub(super) fn prohibit(&self, to: IpNet) -> Result<(), Trouble> {
        Ok(self.network.prohibit(CLIENT, to)?)
    }

    /// A port of the server that nothing uses, and that the server may serve.
    pub(super) fn unused(&self, v6: bool) -> Result<SocketAddr, Trouble> {
        let ip = self.server(v6)?;
        self.on(SERVER, || self.stage.unused(Protocol::Tcp, ip))
    }
}
