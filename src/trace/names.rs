//! What two ways to look up a name say of each other.

use super::{Evidence, Fact};
use std::net::IpAddr;

/// Whether the hosts file has an address for a name that a name server, asked for the same, has not: programs get the
/// one of the hosts file. That `localhost` is no name server's to know (RFC 6761 §6.3) is nothing to tell.
pub fn overrides(evidence: &[Evidence]) -> bool {
    evidence.iter().any(|one| match &one.fact {
        Fact::HostsFile { name, .. } if is_localhost(name) => false,
        Fact::HostsFile { name, addresses } => addresses.iter().any(|ip| is_denied(evidence, name, *ip)),
        _ => false,
    })
}

/// Whether the name means this host wherever it is looked up.
pub fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether a name server was asked for this kind of address, knew the answer, and it is not this one.
fn is_denied(evidence: &[Evidence], wanted: &str, ip: IpAddr) -> bool {
    let wanted_kind = if ip.is_ipv4() { "A" } else { "AAAA" };
    evidence.iter().any(|one| match &one.fact {
        Fact::DnsReply { name, kind, code, addresses, truncated: false, .. } => {
            let knows = code == "NOERROR" || code == "NXDOMAIN";
            name == wanted && kind == wanted_kind && knows && !addresses.contains(&ip)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Protocol;
    use crate::trace::Source;
    use std::time::Duration;

    fn seen(source: Source, fact: Fact) -> Evidence {
        Evidence { source, at: Duration::ZERO, fact }
    }

    fn reply(code: &str, addresses: &[&str]) -> Evidence {
        let fact = Fact::DnsReply {
            server: "192.0.2.53:53".parse().unwrap(),
            name: "web.test".into(),
            kind: "A".into(),
            code: code.into(),
            aliases: Vec::new(),
            addresses: addresses.iter().map(|ip| ip.parse().unwrap()).collect(),
            over: Protocol::Udp,
            truncated: false,
        };
        seen(Source::Dns, fact)
    }

    #[test]
    fn a_hosts_file_overrides_what_name_servers_say_otherwise_or_do_not_know() {
        let known = |ips: &[&str]| {
            let addresses = ips.iter().map(|ip| ip.parse().unwrap()).collect();
            seen(Source::Hosts, Fact::HostsFile { name: "web.test".into(), addresses })
        };
        let ours = || known(&["192.0.2.1"]);
        assert!(overrides(&[ours(), reply("NXDOMAIN", &[])]));
        assert!(overrides(&[ours(), reply("NOERROR", &["192.0.2.2"])]));
        assert!(!overrides(&[ours(), reply("NOERROR", &["192.0.2.2", "192.0.2.1"])]));
        assert!(!overrides(&[ours(), reply("SERVFAIL", &[])]), "it does not know");
        assert!(!overrides(&[known(&[]), reply("NXDOMAIN", &[])]), "the hosts file has nothing");
        assert!(!overrides(&[known(&["2001:db8::1"]), reply("NXDOMAIN", &[])]), "nobody was asked for AAAA");
        assert!(!overrides(&[ours()]));
        assert!(is_localhost("LOCALHOST.") && is_localhost("a.localhost") && !is_localhost("localhost.test"));
    }
}
