//! The hardened transform servers: TCP lines and UDP datagrams, with a limit on everything that a client can
//! make grow or wait. Knows nothing of the command line and prints nothing; it logs with `tracing`.
//!
//! One engine serves all three [`Model`]s: a thread that waits for readiness and serves up to so many clients.
//! The models differ in the number of threads and of clients each takes at a time:
//!
//! | model | threads | clients a thread | a client too many |
//! |-|-|-|-|
//! | event-loop | 1 | [`Limits::connections`] | is told `ERR busy` |
//! | threads | a bounded pool | 1 | waits in the kernel's accept queue |
//! | sequential | 1 | 1 | waits in the kernel's accept queue |
//!
//! ```text
//! engine ── accept ── client (socket) ── connection (bytes in, replies out, deadlines; no socket)
//!    └───── datagrams (socket) ── batch (many datagrams a call where the platform can)
//! ```

mod client;
mod clients;
mod clock;
mod connection;
mod datagrams;
mod engine;
mod limits;
mod model;
mod shutdown;
mod summary;

pub use clock::local_time;
pub use limits::Limits;
pub use model::Model;
pub use shutdown::Shutdown;
pub use summary::Summary;

use crate::failure::{Failure, Protocol};
use crate::socket::Socket;
use crate::trace::{Actor, Recorder};
use crate::transform::Reply;
use engine::Engine;
use ipnet::IpNet;
use model::Shape;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

/// Connections that the kernel may hold ready for `accept`; it clips this to its own limit.
const BACKLOG: i32 = 1024;

/// What a server serves, to whom and within which limits.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Addresses of TCP listeners; port 0 asks for any free one.
    pub tcp: Vec<SocketAddr>,
    /// Addresses of UDP sockets; port 0 asks for any free one.
    pub udp: Vec<SocketAddr>,
    /// How many threads serve how many clients.
    pub model: Model,
    /// How replies are written.
    pub reply: Reply,
    /// What a client may use.
    pub limits: Limits,
    /// Networks that clients may come from; empty for all.
    pub allow: Vec<IpNet>,
    /// How long a drain may take.
    pub drain: Duration,
}

impl Default for Settings {
    /// No address, and the defaults of the command line for the rest.
    fn default() -> Self {
        Self {
            tcp: Vec::new(),
            udp: Vec::new(),
            model: Model::default(),
            reply: Reply::default(),
            limits: Limits::default(),
            allow: Vec::new(),
            drain: Duration::from_secs(5),
        }
    }
}

impl Settings {
    /// Whether a client may come from this address. One that IPv6 carries as IPv4 counts as IPv4.
    fn allows(&self, from: IpAddr) -> bool {
        self.allow.is_empty() || self.allow.iter().any(|net| net.contains(&from.to_canonical()))
    }
}

/// A server whose sockets are bound and listen, and that serves nobody yet.
#[derive(Debug)]
pub struct Server {
    settings: Settings,
    tcp: Vec<TcpListener>,
    udp: Vec<UdpSocket>,
}

impl Server {
    /// Binds every address of `settings`, or none and says which call on which address failed. A TCP address may
    /// be bound again while old connections are in `TIME_WAIT`; a live holder is never robbed of it.
    pub fn bind(settings: Settings) -> Result<Self, Failure> {
        Self::bind_as(&Recorder::forgetful().actor("server"), settings)
    }

    /// The same, with the calls that it takes written down.
    pub fn bind_as(actor: &Actor, settings: Settings) -> Result<Self, Failure> {
        let tcp = settings.tcp.iter().map(|address| listen(actor, *address)).collect::<Result<_, _>>()?;
        let udp = settings
            .udp
            .iter()
            .map(|address| {
                let socket = Socket::bound_for_server(actor, Protocol::Udp, *address)?;
                Ok(socket.into_inner().into())
            })
            .collect::<Result<_, Failure>>()?;
        Ok(Self { settings, tcp, udp })
    }

    /// The addresses that were bound, with the real port where 0 was asked, in the order of the settings.
    pub fn addresses(&self) -> Vec<(Protocol, SocketAddr)> {
        let tcp = self.tcp.iter().map(|listener| (Protocol::Tcp, listener.local_addr()));
        let udp = self.udp.iter().map(|socket| (Protocol::Udp, socket.local_addr()));
        tcp.chain(udp).filter_map(|(protocol, address)| Some((protocol, address.ok()?))).collect()
    }

    /// Serves until `shutdown` is asked for and done. Fails only when the threads or the means to wait for
    /// readiness cannot be had; nothing that a client does is an error here.
    pub fn run(self, shutdown: &Shutdown) -> io::Result<Summary> {
        let (threads, shape) = self.settings.model.shape(&self.settings.limits);
        for (protocol, address) in self.addresses() {
            tracing::info!(%protocol, %address, model = %self.settings.model, "serves");
        }
        let Self { settings, tcp, udp } = self;
        let settings = &settings;
        let clones = (1..threads)
            .map(|_| tcp.iter().map(TcpListener::try_clone).collect())
            .collect::<io::Result<Vec<Vec<_>>>>()?;
        std::thread::scope(|scope| {
            let mut workers = Vec::with_capacity(clones.len());
            for tcp in clones {
                let named = std::thread::Builder::new().name("netfault-client".into());
                let work = move || serve(settings, shape, tcp, Vec::new(), shutdown);
                workers.push(named.spawn_scoped(scope, work).inspect_err(|_| shutdown.now())?);
            }
            let mut summary = serve(settings, shape, tcp, udp, shutdown)?;
            for worker in workers {
                summary.add(&worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok(summary)
        })
    }
}

/// Runs one thread of the server. If it cannot go on, neither do the others.
fn serve(
    settings: &Settings,
    shape: Shape,
    tcp: Vec<TcpListener>,
    udp: Vec<UdpSocket>,
    shutdown: &Shutdown,
) -> io::Result<Summary> {
    Engine::new(settings, shape, tcp, udp, shutdown)
        .and_then(|engine| engine.run(shutdown))
        .inspect_err(|_| shutdown.now())
}

fn listen(actor: &Actor, address: SocketAddr) -> Result<TcpListener, Failure> {
    let socket = Socket::bound_for_server(actor, Protocol::Tcp, address)?;
    socket.listen(BACKLOG)?;
    Ok(socket.into_inner().into())
}
