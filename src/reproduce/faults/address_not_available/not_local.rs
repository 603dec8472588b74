//! A server asks for an address that no interface of this host has: one of those kept for documentation (RFC 5737).

use crate::failure::Protocol::Tcp;
use crate::naive;
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};
use std::net::{Ipv4Addr, SocketAddr};

const ELSEWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)), 0);

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let met = must_fail(naive::server::bind_tcp(&stage.actor("naive server"), ELSEWHERE))?;
    stage.eyes.route(ELSEWHERE.ip())?;

    stage.recover(met, |_| {
        let own = stage.unused(Tcp, LOOPBACK_4)?;
        Stage::server(&stage.actor("hardened server"), own)?;
        Ok(Recovery { result: format!("listening on {own}"), attempts: 1, met: None })
    })
}
