//! A server asks for every address of the host while another has one of them; then the same between the two
//! families: a dual-stack `[::]` wants what `0.0.0.0` has. No wildcard ever listens here, so that nothing is
//! offered to the outside.

use super::ask;
use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{ANOTHER_OWN, LOOPBACK_4, Recovery, Shown, Stage, errno_of};
use crate::reproduce::trouble::Trouble;
use crate::socket::{Choice, Socket};
use crate::trace::Check;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

const EVERY_4: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
const EVERY_6: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (_holder, held) = stage.listener(&stage.actor("first server"), LOOPBACK_4)?;
    let everything = SocketAddr::new(EVERY_4, held.port());
    let met = ask(stage, Tcp, everything)?;

    stage.recover(met, |checks| {
        let meant = SocketAddr::new(ANOTHER_OWN, held.port());
        Stage::server(&stage.actor("hardened server"), meant)?;
        between_families(stage, checks)?;
        Ok(Recovery { result: format!("listening on {meant}"), attempts: 1, met: None })
    })
}

/// `[::]` against `0.0.0.0`: dual-stack it overlaps, with `IPV6_V6ONLY` it does not.
fn between_families(stage: &Stage, checks: &mut Vec<Check>) -> Result<(), Trouble> {
    let (_holder, held) = stage.bound(&stage.actor("IPv4 wildcard"), Tcp, EVERY_4)?;
    let everything = SocketAddr::new(EVERY_6, held.port());
    let asker = stage.actor("IPv6 wildcard");
    let bind =
        |v6_only| Socket::new(&asker, Tcp, everything)?.with(Choice::V6Only(v6_only))?.bind(everything);
    stage.sockets(Tcp, held.port())?;
    let dual_stack = bind(false);
    if dual_stack.as_ref().is_err_and(|failure| failure.is("EAFNOSUPPORT")) {
        asker.note("this host has no IPv6");
        return Ok(());
    }
    stage.sockets(Tcp, held.port())?;
    checks.push(Check::equal("dual-stack", "EADDRINUSE", errno_of(&dual_stack)));
    checks.push(Check::equal("v6-only", "ok", errno_of(&bind(true))));
    Ok(())
}
