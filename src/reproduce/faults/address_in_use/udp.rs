//! Two UDP sockets ask for one port. TCP has ports of its own: there the same number is free.

use super::ask;
use crate::failure::Protocol::{Tcp, Udp};
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::socket::Socket;
use crate::trace::{Check, Fact};
use std::net::SocketAddr;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (_holder, address) = stage.bound(&stage.actor("first server"), Udp, LOOPBACK_4)?;
    let met = ask(stage, Udp, address)?;
    Socket::new(&stage.actor("probe"), Tcp, address)?.bind(address)?;
    stage.shown_by_probe(Fact::PortFree { protocol: Tcp, address });

    stage.recover(met, |checks| {
        let elsewhere = Socket::new(&stage.actor("hardened server"), Udp, address)?;
        elsewhere.bind(SocketAddr::new(address.ip(), 0))?;
        let got = elsewhere.local().ok_or_else(|| Trouble::broke("a bound socket has no address"))?;
        let differs = if got.port() == address.port() { "the same" } else { "another" };
        checks.push(Check::equal("another-port", "another", differs));
        Ok(Recovery { result: format!("bound to {got}"), attempts: 1, met: None })
    })
}
