//! For each fault that needs a network the situation most like it that has another cause: it must not get this fault's
//! verdict. The packets are in the trace, as `reproduce` has them.

mod refused;
mod silent;

use crate::Test;
use crate::given::{pair, routed};
use netfault::failure::{Failure, Protocol::Tcp};
use netfault::fault::Fault;
use netfault::impair::Direction;
use netfault::reproduce::Stage;
use netfault::socket::{Choice, Socket};
use netfault::trace::{Confidence, Verdict};
use netfault::vnet::{Answer, Change, Filter, Matches, Network, Topology, Traced};
use std::net::SocketAddr;

pub(crate) const TESTS: &[&[Test]] = &[silent::TESTS, refused::TESTS];

/// A stage, and a network whose packets are in its trace.
struct Lab {
    stage: Stage,
    network: Network,
}

impl Lab {
    /// `client`, `server`, and `link` between them.
    fn pair() -> Self {
        Self::of(&pair())
    }

    /// With a router between, and the links `near` and `far`.
    fn routed() -> Self {
        Self::of(&routed())
    }

    fn of(topology: &Topology) -> Self {
        let stage = Stage::new(1, true);
        let trace = Box::new(Traced::new(stage.recorder(), topology));
        let network = Network::start(topology, 1, stage.recorder(), vec![trace]).unwrap();
        Self { stage, network }
    }

    fn on<T: Send>(&self, host: &str, act: impl FnOnce() -> T + Send) -> T {
        self.network.within(host, act).unwrap()
    }

    /// A listener on the server.
    fn listener(&self, v6: bool) -> (Socket, SocketAddr) {
        let ip = self.network.address("server", "client", v6).unwrap();
        self.on("server", || self.stage.listener(&self.stage.actor("server"), ip)).unwrap()
    }

    /// A port of the server that nobody has.
    fn unused(&self, v6: bool) -> SocketAddr {
        let ip = self.network.address("server", "client", v6).unwrap();
        self.on("server", || self.stage.unused(Tcp, ip)).unwrap()
    }

    /// What goes this way over a link is answered so.
    fn filter(&self, link: &str, direction: Direction, answer: Answer) {
        let filter = Filter { matches: Matches::default(), direction, answer };
        self.network.change(Change::Filters(link.into(), vec![("filter".into(), filter)])).unwrap();
    }

    /// A client's socket for this address.
    fn client(&self, target: SocketAddr, choices: &[Choice]) -> Socket {
        self.on("client", || {
            let socket = Socket::new(&self.stage.actor("client"), Tcp, target).unwrap();
            choices.iter().fold(socket, |socket, choice| socket.with(*choice).unwrap())
        })
    }

    /// Connects in vain, and looks at the route and at what ICMP says.
    fn refused(&self, target: SocketAddr) -> Failure {
        self.on("client", || {
            let client = Socket::new(&self.stage.actor("client"), Tcp, target).unwrap();
            let failure = client.connect(target).unwrap_err();
            self.stage.eyes().route(target.ip()).unwrap();
            self.stage.probe_connect(target).unwrap();
            failure
        })
    }

    fn verdict(&self, failure: &Failure) -> Verdict {
        self.stage.judge(failure)
    }

    /// The fault, and whether it is proved.
    fn judged(&self, failure: &Failure) -> (Option<Fault>, bool) {
        let verdict = self.verdict(failure);
        (verdict.fault, verdict.confidence == Confidence::Proved)
    }
}
