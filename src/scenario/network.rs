//! The virtual network of a scenario: its hosts and links as `vnet` has them.

use super::model::{Host, Impairing, Link, Scenario};
use crate::impair::Rule;
use crate::vnet::{self, End, Filter, MTU, Topology};
use ipnet::IpNet;

impl Scenario {
    /// Its network.
    pub fn topology(&self) -> Topology {
        topology(&self.hosts, &self.links)
    }
}

/// The network of a file, without the programs that it may have.
#[derive(Clone, Debug)]
pub struct Net {
    /// In the order of the file.
    pub hosts: Vec<Host>,
    /// In the order of the file.
    pub links: Vec<Link>,
    /// Where all randomness comes from.
    pub seed: u64,
}

impl Net {
    /// The same as `vnet` has it.
    pub fn topology(&self) -> Topology {
        topology(&self.hosts, &self.links)
    }
}

/// The network of these hosts and links. A link that names a host which is not there has it at a place that is none,
/// which [`Topology::check`] tells.
pub fn topology(hosts: &[Host], links: &[Link]) -> Topology {
    let place = |name: &str| hosts.iter().position(|host| host.name == name).unwrap_or(hosts.len());
    Topology {
        hosts: hosts
            .iter()
            .map(|host| vnet::Host {
                name: host.name.clone(),
                aliases: host.aliases.clone(),
                routes: host.routes,
                resolver: host.resolver,
            })
            .collect(),
        links: links
            .iter()
            .zip(1_usize..)
            .map(|(link, number)| {
                // There are too many of them when it does not fit.
                let number = u8::try_from(number).unwrap_or(u8::MAX);
                let usual = vnet::Link::new(&link.name, number, [place(&link.from), place(&link.to)]);
                let [from, to] = usual.ends;
                vnet::Link {
                    ends: [end(from, &link.addresses[0]), end(to, &link.addresses[1])],
                    mtu: link.mtu.unwrap_or(MTU),
                    rules: rules(&link.impairments),
                    filters: filters(&link.impairments),
                    ..usual
                }
            })
            .collect(),
    }
}

/// The addresses that are given, or the usual ones.
fn end(usual: End, given: &[IpNet]) -> End {
    if given.is_empty() {
        return usual;
    }
    let v4 = given.iter().find_map(|net| if let IpNet::V4(net) = net { Some(*net) } else { None });
    let v6 = given.iter().find_map(|net| if let IpNet::V6(net) = net { Some(*net) } else { None });
    End { v4, v6, ..usual }
}

/// What impairments do to packets.
pub fn rules(impairments: &[Impairing]) -> Vec<(String, Rule)> {
    let rule = |one: &Impairing| Some((one.name.clone(), one.udp.as_ref()?.rule()));
    impairments.iter().filter_map(rule).collect()
}

/// What impairments do not let through.
pub fn filters(impairments: &[Impairing]) -> Vec<(String, Filter)> {
    let filter = |one: &Impairing| Some((one.name.clone(), one.filter.clone()?));
    impairments.iter().filter_map(filter).collect()
}
