//! A server listens, and a firewall in front of it answers "no" in its place.

use crate::failure::Failure;
use crate::fault::Fault;
use crate::naive;
use crate::reproduce::network::{CLIENT, Lab};
use crate::reproduce::stage::{LINE, Shown, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::vnet::{Answer, Reason};
use std::net::SocketAddr;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let lab = Lab::pair(stage)?;
    let (address, over_v6) = (lab.unused(false)?, lab.unused(true)?);
    lab.serving(address, || {
        let met = ask(stage, &lab, address)?;
        stage.recover(met, |checks| {
            let met = ask(stage, &lab, over_v6)?;
            checks.push(stage.is_judged("ipv6", Fault::FirewallReject, &met));
            reject(&lab, address)?;
            lab.client_recovers(address, || lab.no_filter("the firewall allows the port"))
        })
    })
}

/// What `iptables -j REJECT` answers by itself.
fn reject(lab: &Lab, address: SocketAddr) -> Result<(), Trouble> {
    let answer = Answer::Icmp { reason: Reason::PortUnreachable, from: None };
    lab.filter("a firewall rejects the server's port", address.port(), "firewall", answer)
}

fn ask(stage: &Stage, lab: &Lab, asked: SocketAddr) -> Result<Failure, Trouble> {
    reject(lab, asked)?;
    lab.on(CLIENT, || {
        let met = must_fail(naive::client::tcp(&stage.actor("naive client"), asked, LINE, None))?;
        stage.probe_connect(asked)?;
        Ok(met)
    })
}
