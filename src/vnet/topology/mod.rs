//! Hosts and the links between them, as data. Nothing here touches the system.

mod check;
#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod routes;

pub use check::{Flaw, Place};
#[cfg(all(target_os = "linux", not(netfault_blind)))]
pub(in crate::vnet) use routes::routes;

use super::filter::Filter;
use crate::impair::Rule;
use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Hosts that a network may have: each has namespaces of its own, which the kernel counts.
pub const MOST_HOSTS: usize = 64;
/// Links that a network may have.
pub const MOST_LINKS: usize = 128;
/// Bytes of an Ethernet frame's payload (RFC 894), when nothing else is said.
pub const MTU: u32 = 1500;
/// The least that IPv6 allows (RFC 8200 §5).
pub const LEAST_MTU: u32 = 1280;
/// The most that an IPv4 packet can hold.
pub const MOST_MTU: u32 = 65535;

/// A network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    /// The hosts, each with a name of its own.
    pub hosts: Vec<Host>,
    /// The links between them.
    pub links: Vec<Link>,
}

/// A host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// Its name, by which the others reach it.
    pub name: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// Whether it passes packets on from link to link.
    pub routes: bool,
    /// The name server that its programs ask, besides the names of the hosts.
    pub resolver: Option<IpAddr>,
}

/// A link between two hosts. What goes from its first end to the second is *upstream*.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Its ends.
    pub ends: [End; 2],
    /// Bytes that a packet on it may have.
    pub mtu: u32,
    /// What is done to the packets on it, in this order.
    pub rules: Vec<(String, Rule)>,
    /// Which packets do not pass, and what is answered; before the rules, in this order.
    pub filters: Vec<(String, Filter)>,
}

/// Where a link meets a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The host, by its place among the hosts.
    pub host: usize,
    /// The addresses of this end, with the size of the network.
    pub v4: Option<Ipv4Net>,
    /// The same.
    pub v6: Option<Ipv6Net>,
}

impl Host {
    /// A host that passes nothing on.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// A host that passes packets on.
    pub fn router(name: &str) -> Self {
        Self { routes: true, ..Self::new(name) }
    }
}

impl Link {
    /// A link that does nothing to packets, between two hosts by their places. Its number, from 1, gives the addresses:
    /// `10.N.0.1/24` and `fd00:N::1/64` are the first end.
    pub fn new(name: &str, number: u8, hosts: [usize; 2]) -> Self {
        let end = |at: usize| {
            let last = if at == 0 { 1 } else { 2 };
            End {
                host: hosts[at],
                v4: Ipv4Net::new(Ipv4Addr::new(10, number, 0, last), 24).ok(),
                v6: Ipv6Net::new(Ipv6Addr::new(0xfd00, number.into(), 0, 0, 0, 0, 0, last.into()), 64).ok(),
            }
        };
        Self {
            name: name.to_owned(),
            ends: [end(0), end(1)],
            mtu: MTU,
            rules: Vec::new(),
            filters: Vec::new(),
        }
    }

    /// The place among its ends at which it meets a host.
    pub fn end_at(&self, host: usize) -> Option<usize> {
        self.ends.iter().position(|end| end.host == host)
    }
}

impl End {
    /// Its addresses.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> + use<> {
        let v4 = self.v4.map(|net| IpAddr::V4(net.addr()));
        let v6 = self.v6.map(|net| IpAddr::V6(net.addr()));
        v4.into_iter().chain(v6)
    }
}

impl Topology {
    /// A host's place, by its name.
    pub fn host(&self, name: &str) -> Option<usize> {
        self.hosts.iter().position(|host| host.name == name)
    }

    /// A link's place, by its name.
    pub fn link(&self, name: &str) -> Option<usize> {
        self.links.iter().position(|link| link.name == name)
    }

    /// The links of a host, each with the place of its end there.
    pub fn links_of(&self, host: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.links.iter().enumerate().filter_map(move |(at, link)| link.end_at(host).map(|end| (at, end)))
    }

    /// The addresses by which `seen_from` finds `host`: those on a link that both are on, or else of its first link; of
    /// itself, those of its first link.
    pub fn addresses(&self, host: usize, seen_from: usize) -> Vec<IpAddr> {
        let shared = self.links.iter().find(|link| {
            host != seen_from && link.end_at(host).is_some() && link.end_at(seen_from).is_some()
        });
        let link = shared.or_else(|| self.links.iter().find(|link| link.end_at(host).is_some()));
        let end = link.and_then(|link| link.end_at(host).map(|end| &link.ends[end]));
        end.map(|end| end.addresses().collect()).unwrap_or_default()
    }

    /// The host that has an address.
    pub fn owner(&self, address: IpAddr) -> Option<&Host> {
        let ends = self.links.iter().flat_map(|link| &link.ends);
        let owner = ends.into_iter().find(|end| end.addresses().any(|one| one == address))?;
        self.hosts.get(owner.host)
    }
}
