//! From a name to the addresses to try: the hosts file, then name servers on the wire, then what the system says.

use super::gather::Gathering;
use super::order::ordered;
use super::{Kind, hosts, name, resolve, servers};
use crate::evidence::Eyes;
use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::trace::{Actor, Deadline, Fact, Resolved, Source, Via, is_localhost};
use hickory_proto::rr::Name;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// Whom to ask, and for what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// These name servers and nobody else; `None` for those of the system, and what goes with them (the hosts file,
    /// getaddrinfo(3)).
    pub servers: Option<Vec<SocketAddr>>,
    /// Which addresses are wanted.
    pub families: Families,
}

/// Which addresses are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Families {
    /// IPv4 and IPv6.
    #[default]
    Both,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

impl Families {
    fn has(self, address: &IpAddr) -> bool {
        match self {
            Self::Both => true,
            Self::V4 => address.is_ipv4(),
            Self::V6 => address.is_ipv6(),
        }
    }

    pub(super) fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Both => &Kind::ALL,
            Self::V4 => &[Kind::A],
            Self::V6 => &[Kind::Aaaa],
        }
    }
}

/// The addresses of `host`, a name or a literal address without brackets, and who gave them.
pub fn find(
    actor: &Actor,
    eyes: &Eyes,
    host: &str,
    settings: &Settings,
    by: &Deadline,
) -> Result<Resolved, Failure> {
    let began = actor.recorder().elapsed();
    let search = Search { actor, eyes, host, families: settings.families, by, began };
    if let Ok(address) = host.parse::<IpAddr>() {
        return search.literal(address);
    }
    match (&settings.servers, name(host)) {
        (Some(servers), Ok(name)) => search.only_of(servers, &name),
        (Some(_), Err(why)) => Err(search.failed(None, why)),
        (None, name) => search.as_programs_do(name.ok()),
    }
}

/// One search.
pub(super) struct Search<'a> {
    pub(super) actor: &'a Actor,
    pub(super) eyes: &'a Eyes,
    pub(super) host: &'a str,
    pub(super) families: Families,
    pub(super) by: &'a Deadline,
    began: Duration,
}

impl Search<'_> {
    fn literal(&self, address: IpAddr) -> Result<Resolved, Failure> {
        if self.families.has(&address) {
            return Ok(self.resolved(vec![address], Vec::new(), Via::Literal));
        }
        let (is, wanted) = if address.is_ipv4() { ("IPv4", "IPv6") } else { ("IPv6", "IPv4") };
        Err(self.failed(None, format!("this is an {is} address, and only {wanted} is wanted")))
    }

    /// Asks these name servers. The hosts file is nobody who is asked: it tells what other programs get.
    fn only_of(&self, servers: &[SocketAddr], name: &Name) -> Result<Resolved, Failure> {
        let of_others = self.in_hosts_file(self.host);
        let mut found = Gathering::new(self).ask_servers(servers, name)?;
        let is_other = of_others.iter().any(|ip| !found.addresses.contains(ip));
        found.system = is_other.then_some(of_others);
        Ok(found)
    }

    /// Asks the hosts file, the name servers, and getaddrinfo(3).
    fn as_programs_do(&self, name: Option<Name>) -> Result<Resolved, Failure> {
        let known = self.in_hosts_file(self.host);
        if !known.is_empty() {
            return Ok(self.resolved(known, Vec::new(), Via::Hosts));
        }
        if is_localhost(self.host) {
            return self.localhost();
        }
        let servers = servers();
        // An address with an interface, `fe80::1%eth0`, is for the system to read.
        match name.filter(|_| !servers.is_empty() && !self.host.contains([':', '%'])) {
            None => self.of_system(self.host),
            Some(name) => {
                let mut everybody = Gathering::new(self);
                everybody.ask_system();
                everybody.ask_servers(&servers, &name)
            }
        }
    }

    /// These names mean this host, whatever a name server says: RFC 6761 §6.3.
    fn localhost(&self) -> Result<Resolved, Failure> {
        let known = self.in_hosts_file("localhost");
        if !known.is_empty() {
            return Ok(self.resolved(known, Vec::new(), Via::Hosts));
        }
        self.of_system("localhost").or_else(|failure| {
            let loopback = self.wanted(vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]);
            if loopback.is_empty() {
                Err(failure)
            } else {
                Ok(self.resolved(loopback, Vec::new(), Via::System))
            }
        })
    }

    fn in_hosts_file(&self, name: &str) -> Vec<IpAddr> {
        let addresses = self.wanted(hosts(name));
        if !addresses.is_empty() {
            let fact = Fact::HostsFile { name: self.host.to_owned(), addresses: addresses.clone() };
            self.eyes.keep((Source::Hosts, fact));
        }
        addresses
    }

    /// Asks getaddrinfo(3) and nobody else.
    fn of_system(&self, host: &str) -> Result<Resolved, Failure> {
        let found = resolve(self.actor, Protocol::Tcp, host, 0, self.by)?;
        let addresses = self.wanted(found.iter().map(SocketAddr::ip).collect());
        if addresses.is_empty() {
            return Err(self.failed(None, "the name has no address of the wanted family".to_owned()));
        }
        self.keep_lookup(&addresses);
        Ok(self.resolved(addresses, Vec::new(), Via::System))
    }

    pub(super) fn keep_lookup(&self, addresses: &[IpAddr]) {
        let fact = Fact::Lookup { name: self.host.to_owned(), addresses: addresses.to_vec() };
        self.eyes.keep((Source::Getaddrinfo, fact));
    }

    /// Writes down that the search failed; `server` said so, or would have had to say something.
    pub(super) fn failed(&self, server: Option<SocketAddr>, message: String) -> Failure {
        let call = match server {
            Some(_) => Call { peer: server, ..Call::new(Op::Query, Protocol::Udp) },
            None => Call::new(Op::Resolve, Protocol::Tcp),
        };
        let why = Why::Unresolved { name: self.host.to_owned(), message };
        let elapsed = self.actor.recorder().elapsed().saturating_sub(self.began);
        self.actor.failed(Failure { call, why, elapsed })
    }

    pub(super) fn wanted(&self, mut addresses: Vec<IpAddr>) -> Vec<IpAddr> {
        addresses.retain(|ip| self.families.has(ip));
        addresses
    }

    pub(super) fn resolved(&self, addresses: Vec<IpAddr>, aliases: Vec<String>, via: Via) -> Resolved {
        let (name, addresses) = (self.host.to_owned(), ordered(addresses));
        Resolved { name, addresses, aliases, via, system: None }
    }
}
