//! What cannot be a network, and where the mistake is.

use super::{LEAST_MTU, MOST_HOSTS, MOST_LINKS, MOST_MTU, Topology};
use crate::impair::Impairment;
use ipnet::IpNet;
use std::fmt;

/// Why a topology is none. Whoever read it from a file knows where the parts stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub what: String,
}

/// A part of a topology.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// All of it.
    Whole,
    /// The host at this place.
    Host(usize),
    /// The link at this place.
    Link(usize),
    /// The addresses of its ends.
    Addresses(usize),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Flaw {}

impl Topology {
    /// Whether it can be a network; the first flaw otherwise.
    pub fn check(&self) -> Result<(), Flaw> {
        let flaw = |place, what: String| Err(Flaw { place, what });
        let (hosts, links) = (self.hosts.len(), self.links.len());
        if hosts == 0 {
            return flaw(Place::Whole, "a network needs a host".into());
        }
        if hosts > MOST_HOSTS {
            return flaw(Place::Whole, format!("{hosts} hosts; a network has at most {MOST_HOSTS}"));
        }
        if links > MOST_LINKS {
            return flaw(Place::Whole, format!("{links} links; a network has at most {MOST_LINKS}"));
        }
        for (at, host) in self.hosts.iter().enumerate() {
            if let Some(name) = std::iter::once(&host.name).chain(&host.aliases).find(|name| !is_name(name)) {
                return flaw(
                    Place::Host(at),
                    format!("`{name}` is no name of a host: letters, digits, `-` and `.`"),
                );
            }
            let earlier =
                self.hosts[..at].iter().flat_map(|host| std::iter::once(&host.name).chain(&host.aliases));
            let own = || std::iter::once(&host.name).chain(&host.aliases);
            if let Some(name) = earlier.into_iter().find(|name| own().any(|one| one == *name)) {
                return flaw(Place::Host(at), format!("two hosts have the name `{name}`"));
            }
        }
        (0..links).try_for_each(|at| self.check_link(at))
    }

    fn check_link(&self, at: usize) -> Result<(), Flaw> {
        let flaw = |what: String| Err(Flaw { place: Place::Link(at), what });
        let link = &self.links[at];
        let [a, b] = &link.ends;
        if a.host >= self.hosts.len() || b.host >= self.hosts.len() {
            return flaw("an end of it is on no host".into());
        }
        if a.host == b.host {
            return flaw(format!("both ends of it are on `{}`", self.hosts[a.host].name));
        }
        if !(LEAST_MTU..=MOST_MTU).contains(&link.mtu) {
            return flaw(format!("an MTU of {}; it is from {LEAST_MTU} to {MOST_MTU} bytes", link.mtu));
        }
        if self.links[..at].iter().any(|other| other.name == link.name) {
            return flaw(format!("two links have the name `{}`", link.name));
        }
        if let Some((name, _)) = link.rules.iter().find(|(_, rule)| !is_of_packets(&rule.impairment)) {
            return flaw(format!("`{name}` is done to a connection, and a link carries packets"));
        }
        self.check_addresses(at)
    }

    fn check_addresses(&self, at: usize) -> Result<(), Flaw> {
        let flaw = |what: String| Err(Flaw { place: Place::Addresses(at), what });
        let link = &self.links[at];
        let [a, b] = &link.ends;
        for (near, far) in
            [(a.v4.map(IpNet::from), b.v4.map(IpNet::from)), (a.v6.map(IpNet::from), b.v6.map(IpNet::from))]
        {
            let (Some(near), Some(far)) = (near, far) else {
                if near.is_some() || far.is_some() {
                    return flaw("both ends need an address of a family, or none".into());
                }
                continue;
            };
            if near.addr() == far.addr() {
                return flaw(format!("both ends have the address {}", near.addr()));
            }
            if near.trunc() != far.trunc() {
                return flaw(format!("its ends are on two networks, {} and {}", near.trunc(), far.trunc()));
            }
            let network = near.trunc();
            for other in &self.links[..at] {
                let theirs = [other.ends[0].v4.map(IpNet::from), other.ends[0].v6.map(IpNet::from)];
                if let Some(theirs) = theirs
                    .into_iter()
                    .flatten()
                    .map(|net| net.trunc())
                    .find(|theirs| theirs.contains(&network) || network.contains(theirs))
                {
                    return flaw(format!("{network} overlaps {theirs} of the link `{}`", other.name));
                }
            }
        }
        if a.addresses().next().is_none() {
            return flaw("its ends have no addresses".into());
        }
        Ok(())
    }
}

fn is_of_packets(impairment: &Impairment) -> bool {
    !matches!(
        impairment,
        Impairment::Slice(_)
            | Impairment::SlowClose { .. }
            | Impairment::ResetPeer { .. }
            | Impairment::ResetAfter { .. }
            | Impairment::HalfOpen
            | Impairment::Refuse { .. }
    )
}

/// RFC 1123 §2.1: labels of letters, digits and hyphens.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::super::{Host, Link};
    use super::*;

    fn pair() -> Topology {
        Topology {
            hosts: vec![Host::new("a"), Host::new("b"), Host::new("c")],
            links: vec![Link::new("ab", 1, [0, 1]), Link::new("bc", 2, [1, 2])],
        }
    }

    fn flaw_of(change: impl FnOnce(&mut Topology)) -> String {
        let mut topology = pair();
        change(&mut topology);
        topology.check().unwrap_err().what
    }

    #[test]
    fn what_cannot_be_a_network_is_named() {
        assert_eq!(pair().check(), Ok(()));
        let many = |topology: &mut Topology| {
            topology.hosts = (0..300).map(|at| Host::new(&format!("h{at}"))).collect();
        };
        assert_eq!(flaw_of(many), "300 hosts; a network has at most 64");
        assert_eq!(flaw_of(|t| t.hosts[2].name = "a".into()), "two hosts have the name `a`");
        assert_eq!(flaw_of(|t| t.hosts[2].aliases = vec!["b".into()]), "two hosts have the name `b`");
        assert!(flaw_of(|t| t.hosts[0].name = "a b".into()).starts_with("`a b` is no name"));
        assert_eq!(flaw_of(|t| t.links[0].ends[1].host = 0), "both ends of it are on `a`");
        assert_eq!(flaw_of(|t| t.links[0].ends[1].host = 9), "an end of it is on no host");
        assert_eq!(flaw_of(|t| t.links[1].mtu = 12), "an MTU of 12; it is from 1280 to 65535 bytes");
        assert_eq!(flaw_of(|t| t.links[1].name = "ab".into()), "two links have the name `ab`");
        assert_eq!(
            flaw_of(|t| t.links[0].ends[1].v4 = t.links[0].ends[0].v4),
            "both ends have the address 10.1.0.1"
        );
        assert_eq!(
            flaw_of(|t| t.links[0].ends[1].v4 = None),
            "both ends need an address of a family, or none"
        );
        assert_eq!(
            flaw_of(|t| t.links[1].ends.clone_from(&Link::new("x", 1, [1, 2]).ends)),
            "10.1.0.0/24 overlaps 10.1.0.0/24 of the link `ab`"
        );
        assert_eq!(
            flaw_of(|t| t.links[1].ends[1].v6 = "fd09::2/64".parse().ok()),
            "its ends are on two networks, fd00:2::/64 and fd09::/64"
        );
        let bare = |t: &mut Topology| {
            for end in &mut t.links[0].ends {
                (end.v4, end.v6) = (None, None);
            }
        };
        assert_eq!(flaw_of(bare), "its ends have no addresses");
    }
}
