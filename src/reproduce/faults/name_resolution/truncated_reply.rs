//! A reply that did not fit in a datagram: over UDP the name server says so (TC) and nothing more, over TCP it says all.

use super::addresses;
use crate::failure::Protocol::Tcp;
use crate::peer::Serve as _;
use crate::peer::name_server::{NameServer, Says};
use crate::reproduce::names::NAME;
use crate::reproduce::stage::{PATIENCE, Recovery, Shown, Stage};
use crate::reproduce::trouble::{Trouble, joined};
use crate::socket::Choice;
use crate::trace::{Check, Resolved, Via};
use std::thread;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let server = stage.name_server("name server", NameServer::new(Says::Truncated))?;
    let listener = Stage::server(&stage.actor("name server"), server.address)
        .map_err(|failure| {
            if failure.is("EADDRINUSE") {
                Trouble::PortTaken { address: server.address }
            } else {
                failure.into()
            }
        })?
        .with(Choice::ReadLimit(PATIENCE))?;
    Stage::while_answering(&[&server], || {
        let met = stage.naive_takes_another(server.address, NAME)?;
        stage.sockets(Tcp, server.address.port())?;

        stage.recover(met, |checks| {
            thread::scope(|scope| {
                let before = server.role.asked();
                let over_tcp = scope.spawn(|| listener.accept().map(|client| server.role.connection(client)));
                let found = stage.look_up(NAME, &[server.address])?;
                joined(over_tcp)??;
                checks.push(Check::equal("last-reply-over", "tcp", over(&found)));
                let attempts = server.role.asked() - before;
                Ok(Recovery { result: format!("{NAME} is {}", addresses(&found)), attempts, met: None })
            })
        })
    })
}

fn over(found: &Resolved) -> String {
    match found.via {
        Via::Server { over, .. } => over.to_string(),
        other => format!("{other:?}"),
    }
}
