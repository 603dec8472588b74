//! The client is faster than the server: it asks, is refused, and the server comes up a second later.

use super::ask;
use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::{Trouble, joined};
use crate::trace::{Check, SocketState};
use std::thread;
use std::time::Duration;

/// How much later the server comes up.
const LATE: Duration = Duration::from_secs(1);

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let address = stage.unused(Tcp, LOOPBACK_4)?;
    let met = ask(stage, address)?;

    thread::scope(|scope| {
        let client = scope.spawn(|| {
            stage.recover(met, |checks| {
                let arm = stage.exchange(Tcp, &[address])?;
                let tried = if arm.attempts > 1 { "more than one" } else { "one" };
                checks.push(Check::equal("attempts", "more than one", tried));
                Ok(arm)
            })
        });
        thread::sleep(LATE);
        stage.serving(Tcp, address, || {
            stage.sockets_when(Tcp, address.port(), "the server to listen", |rows| {
                rows.iter().any(|row| row.state == SocketState::Listen)
            })?;
            joined(client)?
        })
    })
}
