//! A client got the port as the local port of its connection, by chance; a server that wants it comes too late.

use super::ask;
use crate::evidence;
use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage, errno_of};
use crate::reproduce::trouble::Trouble;
use crate::socket::Socket;
use crate::trace::{Check, Fact};
use std::net::SocketAddr;

/// How many ports below those that the kernel gives out are tried.
const TRIED: u16 = 100;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (_elsewhere, far) = stage.listener(&stage.actor("far server"), LOOPBACK_4)?;
    let client = Socket::new(&stage.actor("client"), Tcp, far)?;
    client.connect(far)?;
    let address = client.local().ok_or_else(|| Trouble::broke("a connected socket has no address"))?;
    let met = ask(stage, Tcp, address)?;

    stage.recover(met, |checks| {
        let server = stage.actor("hardened server");
        let reusing = errno_of(&Stage::server(&server, address));
        checks.push(Check::equal("reuse-address", "EADDRINUSE", reusing));
        let first = match stage.eyes.keep(evidence::port_range()?) {
            Fact::PortRange(range) => range.first,
            _ => return Err(Trouble::broke("no range of ports")),
        };
        let below = (first.saturating_sub(TRIED).max(1024)..first).rev();
        let candidates: Vec<SocketAddr> = below.map(|port| SocketAddr::new(LOOPBACK_4, port)).collect();
        let outside = candidates.iter().find(|candidate| Stage::server(&server, **candidate).is_ok());
        let outside = outside.ok_or_else(|| Trouble::broke(format!("no port below {first} is free")))?;
        Ok(Recovery { result: format!("listening on {outside}"), attempts: 2, met: None })
    })
}
