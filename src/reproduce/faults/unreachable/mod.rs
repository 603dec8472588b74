//! A packet that finds no way: the kernel's own routes, or a router, say so.

pub(super) mod host_down;
pub(super) mod no_route;
pub(super) mod prohibited;

use crate::failure::Failure;
use crate::naive;
use crate::reproduce::network::{CLIENT, Lab};
use crate::reproduce::stage::{LINE, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};
use std::net::SocketAddr;

/// A naive client on the network asks where nothing can arrive, with the route there, and whether an ICMP error came.
fn ask(stage: &Stage, lab: &Lab, asked: SocketAddr) -> Result<Failure, Trouble> {
    lab.on(CLIENT, || {
        let met = must_fail(naive::client::tcp(&stage.actor("naive client"), asked, LINE, None))?;
        stage.eyes.route(asked.ip())?;
        stage.probe_connect(asked)?;
        Ok(met)
    })
}
