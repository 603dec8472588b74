//! A program has bound the port and does not listen: no list of listeners shows it, and the port is taken.

use super::ask;
use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::trace::{Check, SocketState};

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (holder, address) = stage.bound(&stage.actor("idle program"), Tcp, LOOPBACK_4)?;
    let rows = stage.sockets(Tcp, address.port())?;
    if !rows.iter().any(|row| row.state == SocketState::BoundInactive) {
        return Err(Trouble::Unsupported { needs: "a kernel that shows bound sockets (Linux 6.8)".into() });
    }
    let met = ask(stage, Tcp, address)?;

    stage.recover(met, |checks| {
        let listeners = rows.iter().filter(|row| row.state == SocketState::Listen).count();
        checks.push(Check::equal("listeners", "0", listeners.to_string()));
        holder.close();
        Stage::server(&stage.actor("hardened server"), address)?;
        Ok(Recovery { result: format!("listening on {address}"), attempts: 2, met: None })
    })
}
