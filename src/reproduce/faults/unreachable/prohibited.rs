//! A policy forbids the way: a firewall before the server says so, or a route of this machine.

use super::ask;
use crate::fault::Fault;
use crate::reproduce::network::Lab;
use crate::reproduce::stage::{Shown, Stage, is_errno};
use crate::reproduce::trouble::Trouble;
use crate::vnet::{Answer, Reason};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// A network that this machine's own policy closes (RFC 5737).
const CLOSED: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 9);

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let lab = Lab::pair(stage)?;
    let (address, over_v6) = (lab.unused(false)?, lab.unused(true)?);
    let forbid = |port| {
        let answer = Answer::Icmp { reason: Reason::Prohibited, from: None };
        lab.filter("a firewall forbids the server's port and says so", port, "firewall", answer)
    };
    forbid(address.port())?;
    let met = ask(stage, &lab, address)?;

    stage.recover(met, |checks| {
        forbid(over_v6.port())?;
        let met = ask(stage, &lab, over_v6)?;
        checks.push(is_errno("ipv6-errno", "EACCES", &met));
        checks.push(stage.is_judged("ipv6", Fault::Prohibited, &met));
        lab.prohibit(IpNet::from(IpAddr::from(CLOSED)))?;
        let met = ask(stage, &lab, SocketAddr::new(CLOSED.into(), address.port()))?;
        checks.push(is_errno("own-policy", "EACCES", &met));
        checks.push(stage.is_judged("own-policy-verdict", Fault::Prohibited, &met));
        forbid(address.port())?;
        lab.serving(address, || {
            lab.client_recovers(address, || lab.no_filter("whoever runs the firewall allows the port"))
        })
    })
}
