//! What a host has before it is connected: names, and a kernel whose time-outs come in seconds.

use super::namespaces::{own_files, set_variable, variable};
use crate::vnet::Broken;
use crate::vnet::topology::{Host, Topology};
use std::fmt::Write as _;
use std::iter;

/// Variables of every host, ip-sysctl(7): where a program would wait minutes, it waits seconds; answers are not rationed;
/// what would go on on a link by itself does not.
const VARIABLES: &[(&str, &str)] = &[
    ("ipv4/tcp_syn_retries", "2"),
    ("ipv4/tcp_syn_linear_timeouts", "0"),
    ("ipv4/tcp_rto_max_ms", "1000"),
    ("ipv4/tcp_synack_retries", "2"),
    ("ipv4/tcp_retries1", "2"),
    ("ipv4/tcp_retries2", "5"),
    ("ipv4/tcp_orphan_retries", "2"),
    ("ipv4/tcp_fin_timeout", "5"),
    ("ipv4/tcp_keepalive_time", "2"),
    ("ipv4/tcp_keepalive_intvl", "1"),
    ("ipv4/tcp_keepalive_probes", "2"),
    ("ipv4/icmp_ratelimit", "0"),
    ("ipv6/icmp/ratelimit", "0"),
    ("ipv4/ping_group_range", "0 0"),
    ("ipv6/conf/default/accept_dad", "0"),
    ("ipv6/conf/default/accept_ra", "0"),
    ("ipv6/conf/default/router_solicitations", "0"),
];
/// Those of a router besides.
const OF_ROUTERS: &[(&str, &str)] = &[("ipv4/ip_forward", "1"), ("ipv6/conf/all/forwarding", "1")];

/// Those of each interface, below `neigh/NAME`: who does not answer three times is taken for down, arp(7).
const OF_INTERFACES: &[&str] = &["ipv4", "ipv6"];
/// Milliseconds between those three questions.
const ASKED_AGAIN: &str = "300";

/// Furnishes the host whose namespaces this thread is in.
pub(super) fn host(topology: &Topology, at: usize) -> Result<(), Broken> {
    let host = &topology.hosts[at];
    nix::unistd::sethostname(&host.name).map_err(|errno| Broken::new("sethostname(2)", errno.into()))?;
    own_files(&[
        ("/etc/hosts", hosts_file(topology, at)),
        ("/etc/resolv.conf", resolver_file(host)),
        ("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n".to_owned()),
    ])?;
    let of_routers = if host.routes { OF_ROUTERS } else { &[] };
    for (name, value) in VARIABLES.iter().chain(of_routers) {
        // Older kernels have fewer.
        set_variable(name, value)?;
    }
    Ok(())
}

/// The time-outs of TCP of the host whose network this thread is in, as its kernel has them: `tcp_syn_retries=2 …`.
pub(super) fn timeouts() -> String {
    let names = VARIABLES.iter().filter_map(|(name, _)| Some((name.strip_prefix("ipv4/tcp_")?, *name)));
    let said = names.filter_map(|(short, name)| Some((short, variable(name)?)));
    said.map(|(short, value)| format!("tcp_{short}={value}")).collect::<Vec<_>>().join(" ")
}

/// Furnishes an interface, in the network of its host.
pub(super) fn interface(index: u32) -> Result<(), Broken> {
    OF_INTERFACES.iter().try_for_each(|family| {
        let variable = format!("{family}/neigh/{}/retrans_time_ms", interface_name(index));
        set_variable(&variable, ASKED_AGAIN).map(drop)
    })
}

/// The name of an interface by its index.
pub(super) fn interface_name(index: u32) -> String {
    format!("eth{}", index - super::FIRST_INTERFACE)
}

/// hosts(5): every host by its name, from the first of its links that this host shares.
fn hosts_file(topology: &Topology, seen_from: usize) -> String {
    let mut text = String::from("127.0.0.1 localhost\n::1 localhost ip6-localhost\n");
    for (at, host) in topology.hosts.iter().enumerate() {
        for address in topology.addresses(at, seen_from) {
            let names: Vec<&str> = iter::once(&host.name).chain(&host.aliases).map(String::as_str).collect();
            // Writing to a string does not fail.
            let _ = writeln!(text, "{address} {}", names.join(" "));
        }
    }
    text
}

/// resolv.conf(5).
fn resolver_file(host: &Host) -> String {
    let options = "options timeout:1 attempts:2\n";
    host.resolver.map_or_else(
        || format!("# no name server: only /etc/hosts\n{options}"),
        |resolver| format!("nameserver {resolver}\n{options}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vnet::topology::Link;

    #[test]
    fn a_host_knows_the_others_by_the_link_that_it_shares_with_them() {
        let topology = Topology {
            hosts: vec![Host::new("client"), Host::router("router"), Host::new("server")],
            links: vec![Link::new("near", 1, [0, 1]), Link::new("far", 2, [1, 2])],
        };
        let text = hosts_file(&topology, 2);
        assert_eq!(
            text,
            "127.0.0.1 localhost\n::1 localhost ip6-localhost\n10.1.0.1 client\nfd00:1::1 client\n\
             10.2.0.1 router\nfd00:2::1 router\n10.2.0.2 server\nfd00:2::2 server\n"
        );
    }
}
