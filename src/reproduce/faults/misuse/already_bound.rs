//! A program binds one socket twice, as one does that binds again in its retry loop.

use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};
use std::net::SocketAddr;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (socket, address) = stage.bound(&stage.actor("naive server"), Tcp, LOOPBACK_4)?;
    let met = must_fail(socket.bind(SocketAddr::new(LOOPBACK_4, 0)))?;
    stage.own_socket(&socket)?;

    stage.recover(met, |_| {
        socket.close();
        Stage::server(&stage.actor("hardened server"), address)?;
        Ok(Recovery { result: format!("a new socket listens on {address}"), attempts: 1, met: None })
    })
}
