//! Linux: namespaces(7), veth(4), packet(7).
#![expect(
    unsafe_code,
    reason = "packet sockets, which no crate has; a descriptor that another process left open"
)]

mod check;
mod enter;
mod forwarder;
mod furnish;
mod join;
mod namespaces;
mod netlink;
mod port;

pub use check::can_run;
pub use enter::{enter, exit_code, inside, is_inside, scratch, this_program};
pub use join::{Gate, join, networks_up, outlive_interrupts};

use super::topology::{Topology, routes};
use super::{Broken, Change, Counts, Witness};
use crate::impair::Direction;
use crate::trace::Recorder;
use forwarder::bridges::Bridges;
use forwarder::past::Past;
use forwarder::told::Witnesses;
use forwarder::wire::Wire;
use forwarder::{Forwarder, Order, Orders};
use ipnet::IpNet;
use namespaces::{Place, on_a_thread, set_variable};
use netlink::{Jack, LOOPBACK, Netlink};
use nix::sched::{CloneFlags, unshare};
use port::Port;
use rustix::event::{EventfdFlags, eventfd};
use std::io;
use std::net::IpAddr;
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Whether this platform has such networks at all.
pub const EXISTS: bool = true;

/// The index of a host's first interface that is not loopback.
const FIRST_INTERFACE: u32 = 2;

/// A network that is up. It is gone when this is dropped, and when this process ends.
#[derive(Debug)]
pub struct Network {
    topology: Topology,
    places: Vec<Arc<Place>>,
    /// Whether each host is there.
    there: Mutex<Vec<bool>>,
    orders: Option<Sender<Order>>,
    wake: OwnedFd,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Network {
    /// Sets it up, in a process that is [`inside`]. Its time is that of `clock`; `seed` decides what chance does. Every
    /// frame is shown to the `witnesses`.
    pub fn start(
        topology: &Topology,
        seed: u64,
        clock: &Recorder,
        witnesses: Vec<Box<dyn Witness>>,
    ) -> Result<Self, Broken> {
        topology.check().map_err(|flaw| Broken::new(flaw.what, io::ErrorKind::InvalidInput.into()))?;
        let places = (0..topology.hosts.len())
            .map(|host| Place::make(|| furnish::host(topology, host)).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()?;
        let (orders, inbox) = channel();
        let broken = |errno: rustix::io::Errno| Broken::new("eventfd(2)", errno.into());
        let wake = eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC).map_err(broken)?;
        let woken = wake.try_clone().map_err(|error| Broken::new("dup(2)", error))?;
        let (ready, is_ready) = sync_channel(1);
        let (ports, netlink) = on_a_thread(|| lay_cables(topology, &places))?;
        let addresses =
            topology.links.iter().flat_map(|link| &link.ends).map(|end| end.addresses().collect());
        let bridges = witnesses.is_empty().then(|| Bridges::new(netlink, topology.links.len()));
        let forwarder = Forwarder::new(
            clock.clone(),
            ports,
            wires(topology, seed),
            addresses.collect(),
            Orders { inbox, woken },
            Witnesses::new(witnesses, topology),
            Past::new(bridges, topology.links.len()),
        );
        let thread = thread::Builder::new().name("forwarder".into()).spawn(move || {
            // Nobody waits for it when the set-up has failed.
            let _ = ready.send(());
            forwarder.run()
        });
        let thread = Some(thread.map_err(|error| Broken::new("starting a thread", error))?);
        let network = Self {
            topology: topology.clone(),
            places,
            there: Mutex::new(vec![true; topology.hosts.len()]),
            orders: Some(orders),
            wake,
            thread,
        };
        is_ready.recv().map_err(|_| Broken::new("the forwarder", io::ErrorKind::BrokenPipe.into()))?;
        for host in 0..topology.hosts.len() {
            network.places[host].within(|| connect(topology, host))??;
        }
        for link in &topology.links {
            network.change(Change::Rules(link.name.clone(), link.rules.clone()))?;
            network.change(Change::Filters(link.name.clone(), link.filters.clone()))?;
        }
        Ok(network)
    }

    /// What it is made of.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Does something on a host, on a thread of its own: sockets that it makes and programs that it starts are there, and
    /// so are the threads that it starts.
    pub fn within<T: Send>(&self, host: &str, act: impl FnOnce() -> T + Send) -> Result<T, Broken> {
        self.place(host)?.within(act)
    }

    /// The same on a thread that stays as long as the network: for programs that must not lose the thread that started
    /// them (`PR_SET_PDEATHSIG`, prctl(2)).
    pub fn resident<T: Send + 'static>(
        &self,
        host: &str,
        act: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Broken> {
        self.place(host)?.resident(act)
    }

    /// The address of a host, as `seen_from` finds it.
    pub fn address(&self, host: &str, seen_from: &str, v6: bool) -> Result<IpAddr, Broken> {
        let (host, seen_from) = (self.host(host)?, self.host(seen_from)?);
        let addresses = self.topology.addresses(host, seen_from);
        let found = addresses.into_iter().find(|address| address.is_ipv6() == v6);
        found.ok_or_else(|| Broken::new("an address of a host", io::ErrorKind::AddrNotAvailable.into()))
    }

    /// Makes a host's kernel refuse to send to a network: EACCES.
    pub fn prohibit(&self, host: &str, to: IpNet) -> Result<(), Broken> {
        self.within(host, || Netlink::open()?.prohibit(to))?
    }

    /// The time-outs of TCP that a host's kernel has, which come sooner than Linux' own: `tcp_syn_retries=2 …`.
    pub fn timeouts(&self, host: &str) -> Result<String, Broken> {
        self.within(host, furnish::timeouts)
    }

    /// Changes it while it is up; packets that come in afterwards meet the change.
    pub fn change(&self, change: Change) -> Result<(), Broken> {
        match change {
            Change::Rules(link, rules) => {
                let at = self.link(&link)?;
                self.order(|done| Order::Rules(at, rules, done))
            }
            Change::Filters(link, filters) => {
                let at = self.link(&link)?;
                self.order(|done| Order::Filters(at, filters, done))
            }
            Change::Down(host) => self.set_there(&host, false),
            Change::Up(host) => self.set_there(&host, true),
        }
    }

    /// What each link has done so far, upstream and downstream.
    pub fn counts(&self) -> Result<Vec<[Counts; 2]>, Broken> {
        let all = self.order(Order::Counts)?;
        Ok(all.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect())
    }

    fn set_there(&self, host: &str, there: bool) -> Result<(), Broken> {
        let host = self.host(host)?;
        let mut all = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        all[host] = there;
        let ends = self.topology.links.iter().flat_map(|link| &link.ends);
        let ports = ends.map(|end| all[end.host]).collect();
        self.order(|done| Order::There(ports, done))
    }

    fn order<T>(&self, order: impl FnOnce(SyncSender<T>) -> Order) -> Result<T, Broken> {
        let gone = || Broken::new("the forwarder", io::ErrorKind::BrokenPipe.into());
        let (done, answer) = sync_channel(1);
        self.orders.as_ref().ok_or_else(gone)?.send(order(done)).map_err(|_| gone())?;
        self.wake();
        answer.recv().map_err(|_| gone())
    }

    fn wake(&self) {
        // Full only when it has been woken already.
        let _ = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }

    fn host(&self, name: &str) -> Result<usize, Broken> {
        let unknown = || Broken::new(format!("no host is named {name}"), io::ErrorKind::NotFound.into());
        self.topology.host(name).ok_or_else(unknown)
    }

    fn place(&self, host: &str) -> Result<&Arc<Place>, Broken> {
        Ok(&self.places[self.host(host)?])
    }

    fn link(&self, name: &str) -> Result<usize, Broken> {
        let unknown = || Broken::new(format!("no link is named {name}"), io::ErrorKind::NotFound.into());
        self.topology.link(name).ok_or_else(unknown)
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.orders = None;
        self.wake();
        if let Some(thread) = self.thread.take() {
            // It has nothing to tell any more.
            let _ = thread.join();
        }
    }
}

/// A wire for each port: from the first end upstream, from the second downstream.
fn wires(topology: &Topology, seed: u64) -> Vec<Wire> {
    let ways = |link: &super::Link| {
        [Direction::Upstream, Direction::Downstream].map(|way| Wire::new(seed, &link.name, way))
    };
    topology.links.iter().flat_map(ways).collect()
}

/// Makes the middle, in the thread that calls it, and from each end of each link a cable into its host. Gives the middle's
/// ends, two a link, and whom to ask about them.
fn lay_cables(topology: &Topology, places: &[Arc<Place>]) -> Result<(Vec<Port>, Netlink), Broken> {
    unshare(CloneFlags::CLONE_NEWNET)
        .map_err(|errno| Broken::new("unshare(2) of the middle", errno.into()))?;
    // The middle is no host: it must not speak on the links.
    set_variable("ipv6/conf/default/disable_ipv6", "1")?;
    let mut netlink = Netlink::open()?;
    let mut ports = Vec::new();
    for (number, link) in topology.links.iter().enumerate() {
        for (at, end) in link.ends.iter().enumerate() {
            let index = interface(topology, end.host, number);
            let name = furnish::interface_name(index);
            let [_, _, high, low] = u32::try_from(number).unwrap_or_default().to_be_bytes();
            let mac = |side: u8| [0x02, 0, high, low, side, u8::from(at == 1) + 1];
            let port = u32::try_from(2 * number + at).unwrap_or_default() + FIRST_INTERFACE;
            let near = Jack { name: &format!("p{port}"), index: port, mac: mac(1) };
            let far = Jack { name: &name, index, mac: mac(0) };
            netlink.pair(near, far, places[end.host].net(), link.mtu)?;
            netlink.up(port)?;
            ports.push(Port::open(port).map_err(|error| Broken::new("opening a packet socket", error))?);
        }
    }
    Ok((ports, netlink))
}

/// The index of a host's interface to a link.
fn interface(topology: &Topology, host: usize, link: usize) -> u32 {
    let place = topology.links_of(host).position(|(at, _)| at == link);
    FIRST_INTERFACE + u32::try_from(place.unwrap_or_default()).unwrap_or_default()
}

/// Switches on what a host has, in its own namespace: addresses, then routes.
fn connect(topology: &Topology, host: usize) -> Result<(), Broken> {
    let mut netlink = Netlink::open()?;
    netlink.up(LOOPBACK)?;
    for (link, end) in topology.links_of(host) {
        let index = interface(topology, host, link);
        furnish::interface(index)?;
        netlink.up(index)?;
        let end = &topology.links[link].ends[end];
        let nets = [end.v4.map(IpNet::from), end.v6.map(IpNet::from)];
        for net in nets.into_iter().flatten() {
            netlink.address(index, net)?;
        }
    }
    for hop in routes(topology, host) {
        netlink.route(hop.network, hop.gateway)?;
    }
    Ok(())
}
