//! Which way packets go: by the fewest links, over routers only.

use super::Topology;
use ipnet::IpNet;
use std::collections::VecDeque;
use std::net::IpAddr;

/// A line of a host's routing table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::vnet) struct Hop {
    /// Where to.
    pub(in crate::vnet) network: IpNet,
    /// The next router.
    pub(in crate::vnet) gateway: IpAddr,
}

/// The routes of a host to the networks that it is not on. There is no default route: nothing leads outside.
pub(in crate::vnet) fn routes(topology: &Topology, host: usize) -> Vec<Hop> {
    let first_hops = first_hops(topology, host);
    let mut hops = Vec::new();
    for (at, link) in topology.links.iter().enumerate() {
        if link.end_at(host).is_some() {
            continue;
        }
        let Some((over, gateway_end)) = first_hops[at] else { continue };
        let gateway = &topology.links[over].ends[gateway_end];
        let end = &link.ends[0];
        let v4 = end.v4.zip(gateway.v4).map(|(to, by)| (IpNet::from(to.trunc()), IpAddr::V4(by.addr())));
        let v6 = end.v6.zip(gateway.v6).map(|(to, by)| (IpNet::from(to.trunc()), IpAddr::V6(by.addr())));
        hops.extend([v4, v6].into_iter().flatten().map(|(network, gateway)| Hop { network, gateway }));
    }
    hops
}

/// For every link the link over which the way there begins, and the far end of that one; `None` where no way leads.
fn first_hops(topology: &Topology, host: usize) -> Vec<Option<(usize, usize)>> {
    let mut reached: Vec<Option<(usize, usize)>> = vec![None; topology.links.len()];
    let mut seen = vec![false; topology.hosts.len()];
    seen[host] = true;
    let mut waiting = VecDeque::new();
    for (link, near) in topology.links_of(host) {
        reached[link] = Some((link, 1 - near));
        waiting.push_back((topology.links[link].ends[1 - near].host, (link, 1 - near)));
    }
    while let Some((at, first)) = waiting.pop_front() {
        if std::mem::replace(&mut seen[at], true) || !topology.hosts[at].routes {
            continue;
        }
        for (link, near) in topology.links_of(at) {
            reached[link].get_or_insert(first);
            waiting.push_back((topology.links[link].ends[1 - near].host, first));
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::super::{Host, Link};
    use super::*;

    /// `a – r – s – b`, and `c` behind `b`, which is no router.
    fn chain() -> Topology {
        Topology {
            hosts: vec![Host::new("a"), Host::router("r"), Host::router("s"), Host::new("b"), Host::new("c")],
            links: vec![
                Link::new("ar", 1, [0, 1]),
                Link::new("rs", 2, [1, 2]),
                Link::new("bs", 3, [3, 2]),
                Link::new("bc", 4, [3, 4]),
            ],
        }
    }

    fn table(host: usize) -> Vec<String> {
        routes(&chain(), host).iter().map(|hop| format!("{} via {}", hop.network, hop.gateway)).collect()
    }

    #[test]
    fn ways_lead_over_routers_and_no_other_host() {
        assert_eq!(
            table(0),
            [
                "10.2.0.0/24 via 10.1.0.2",
                "fd00:2::/64 via fd00:1::2",
                "10.3.0.0/24 via 10.1.0.2",
                "fd00:3::/64 via fd00:1::2"
            ]
        );
        assert_eq!(table(4), [] as [&str; 0]);
        assert_eq!(table(2), ["10.1.0.0/24 via 10.2.0.1", "fd00:1::/64 via fd00:2::1",]);
    }

    #[test]
    fn of_two_ways_the_one_with_fewer_links_is_taken() {
        let mut topology = chain();
        topology.links.push(Link::new("as", 5, [0, 2]));
        let hops = routes(&topology, 0);
        let to_b = hops.iter().find(|hop| hop.network.to_string() == "10.3.0.0/24").unwrap();
        assert_eq!(to_b.gateway.to_string(), "10.5.0.2");
    }
}
