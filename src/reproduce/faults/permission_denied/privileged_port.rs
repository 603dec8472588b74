//! A server without privilege asks for a port that needs one. Who runs this as root gives the privilege up first.

use crate::evidence;
use crate::failure::Protocol::Tcp;
use crate::naive;
use crate::reproduce::process::without_port_privilege;
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::trace::Fact;
use std::net::SocketAddr;

/// The port of HTTP.
const PORT: u16 = 80;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    match stage.eyes.keep(evidence::unprivileged_ports()?) {
        Fact::UnprivilegedPorts { from } if from > PORT => {}
        _ => {
            let needs =
                format!("net.ipv4.ip_unprivileged_port_start above {PORT}; here everybody may bind it");
            return Err(Trouble::Unsupported { needs });
        }
    }
    let met = without_port_privilege(|| {
        stage.eyes.keep(evidence::port_privilege()?);
        let low = SocketAddr::new(LOOPBACK_4, PORT);
        must_fail(naive::server::bind_tcp(&stage.actor("naive server"), low))
    })?;

    stage.recover(met, |_| {
        without_port_privilege(|| {
            let high = stage.unused(Tcp, LOOPBACK_4)?;
            Stage::server(&stage.actor("hardened server"), high)?;
            Ok(Recovery { result: format!("listening on {high}"), attempts: 1, met: None })
        })
    })
}
