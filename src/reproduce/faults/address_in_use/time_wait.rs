//! A server closes a connection first, stops, and is started again. `SO_REUSEADDR` helps only when both had it:
//! the listener whose connection was closed, and the one that comes after.

use crate::evidence;
use crate::failure::Failure;
use crate::failure::Protocol::Tcp;
use crate::naive;
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage, errno_of};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::{Check, SocketState};
use std::net::SocketAddr;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let old = stage.actor("old server");
    let plain = stage.listener(&old, LOOPBACK_4)?;
    let address = leave_time_wait(stage, plain)?;
    let met = must_fail(naive::server::bind_tcp(&stage.actor("naive server"), address))?;
    stage.eyes.keep(evidence::bound_sockets()?);
    stage.sockets(Tcp, address.port())?;

    stage.recover(met, |checks| {
        let new = stage.actor("hardened server");
        let only_new = errno_of(&Stage::server(&new, address));
        checks.push(Check::equal("reuse-address-on-new-only", "EADDRINUSE", only_new));

        let reusing = stage.bound_with(&old, Tcp, LOOPBACK_4, &[Choice::ReuseAddress])?;
        reusing.0.listen(1)?;
        let address = leave_time_wait(stage, reusing)?;
        let only_old = errno_of(&naive::server::bind_tcp(&stage.actor("naive server"), address));
        checks.push(Check::equal("reuse-address-on-old-only", "EADDRINUSE", only_old));
        Stage::server(&new, address)?;
        Ok(Recovery { result: format!("listening on {address}"), attempts: 1, met: None })
    })
}

/// Has the server of a connection close first and stop, so that the remains of the connection hold its port.
fn leave_time_wait(stage: &Stage, (listener, address): (Socket, SocketAddr)) -> Result<SocketAddr, Trouble> {
    let client = Socket::new(&stage.actor("first client"), Tcp, address)?;
    client.connect(address)?;
    let served = listener.accept()?;
    close(served)?;
    drop(listener);
    while !client.receive(64)?.is_empty() {}
    drop(client);
    stage.sockets_when(Tcp, address.port(), "TIME_WAIT to be all that is left", |rows| {
        let mut on_port = rows.iter().filter(|row| row.local == address).peekable();
        on_port.peek().is_some() && on_port.all(|row| row.state == SocketState::TimeWait)
    })?;
    Ok(address)
}

/// The active close: this end sends its FIN first, and therefore keeps `TIME_WAIT` (RFC 9293 §3.6).
fn close(served: Socket) -> Result<(), Failure> {
    served.finish_sending()?;
    drop(served);
    Ok(())
}
