//! A client asks an address that its routing table knows no way to; the server has another.

use super::ask;
use crate::failure::Protocol::Tcp;
use crate::fault::Fault;
use crate::reproduce::network::{CLIENT, Lab};
use crate::reproduce::stage::{Shown, Stage, is_errno};
use crate::reproduce::trouble::Trouble;
use crate::vnet::{Answer, Reason};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Addresses that nobody has: for documentation (RFC 5737, RFC 3849).
const ELSEWHERE: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7))];

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let lab = Lab::pair(stage)?;
    let address = lab.unused(false)?;
    let lost = ELSEWHERE.map(|ip| SocketAddr::new(ip, address.port()));
    let met = ask(stage, &lab, lost[0])?;

    stage.recover(met, |checks| {
        let over_v6 = ask(stage, &lab, lost[1])?;
        checks.push(stage.is_judged("ipv6", Fault::NoRoute, &over_v6));
        let answer = Answer::Icmp { reason: Reason::NetUnreachable, from: None };
        lab.filter("the way to the server is lost behind the client's link", address.port(), "lost", answer)?;
        let told = ask(stage, &lab, address)?;
        checks.push(is_errno("router", "ENETUNREACH", &told));
        checks.push(stage.is_judged("router-verdict", Fault::NoRoute, &told));
        lab.no_filter("the way to the server is there again")?;
        lab.serving(address, || lab.on(CLIENT, || stage.exchange(Tcp, &[lost[0], address])))
    })
}
