//! Address already in use: a server is started again while the remains of its old connections hold the port, or while
//! another one listens there.

use super::Choice;
use super::promise::Promise;
use super::work::{CLIENT, LINE, LOOPBACK, PATIENCE, answer, timed};
use crate::evidence;
use crate::failure::Failure;
use crate::failure::Protocol::Tcp;
use crate::fault::Fault;
use crate::naive;
use crate::reproduce::{Stage, Trouble};
use crate::socket::{self, Socket};
use crate::trace::{Effect, SocketState};
use std::net::SocketAddr;
use std::thread;

/// Who is started again.
const SERVER: &str = "new server";
const IN_USE: &str = "EADDRINUSE";

pub(super) const CHOICES: &[Choice] = &[
    Choice { id: "retry-at-once", attempt: retry_at_once, promise: Promise::fails(IN_USE).attempts(5) },
    Choice {
        id: "kill-holder",
        attempt: kill_holder,
        promise: Promise::fails(IN_USE).names(Fault::TimeWait),
    },
    Choice { id: "change-port", attempt: change_port, promise: Promise::fails("ECONNREFUSED") },
    Choice { id: "reuse-address", attempt: reuse_address, promise: Promise::WORKS },
    Choice { id: "reuse-address-live", attempt: reuse_address_live, promise: Promise::fails(IN_USE) },
    Choice { id: "stop-holder", attempt: stop_holder, promise: Promise::WORKS.attempts(2) },
];

/// The failure that the lesson is about.
pub(super) fn fail(stage: &Stage) -> Result<Failure, Trouble> {
    let address = leave_time_wait(stage, &[])?;
    must_be_taken(naive::server::bind_tcp(&stage.actor(SERVER), address))
}

fn retry_at_once(stage: &Stage) -> Result<Effect, Trouble> {
    const ATTEMPTS: u32 = 5;
    let address = leave_time_wait(stage, &[])?;
    Ok(timed(stage, || {
        let mut attempt = 1;
        loop {
            match naive::server::bind_tcp(&stage.actor(SERVER), address) {
                Ok(_) => return Effect::success(listening(address), attempt),
                Err(failure) if attempt == ATTEMPTS => return Effect::failed(failure, attempt),
                Err(_) => attempt += 1,
            }
        }
    }))
}

/// Looks for the process that holds the port, to end it: there is none.
fn kill_holder(stage: &Stage) -> Result<Effect, Trouble> {
    let address = leave_time_wait(stage, &[])?;
    let rows = stage.sockets(Tcp, address.port())?;
    if rows.iter().any(|row| row.local == address && row.is_held()) {
        return Err(Trouble::broke("a process holds the port that should have none"));
    }
    let effect = timed(stage, || match naive::server::bind_tcp(&stage.actor(SERVER), address) {
        Ok(_) => Effect::success(listening(address), 1),
        Err(failure) => Effect::failed(failure, 1),
    });
    stage.eyes().keep(evidence::bound_sockets()?);
    stage.sockets(Tcp, address.port())?;
    let verdict = effect.failure.as_ref().map(|failure| stage.judge(failure));
    Ok(Effect { verdict, ..effect })
}

/// The server takes another port; its clients know the old one.
fn change_port(stage: &Stage) -> Result<Effect, Trouble> {
    let address = leave_time_wait(stage, &[])?;
    let (_elsewhere, _) = stage.listener(&stage.actor(SERVER), LOOPBACK)?;
    Ok(timed(stage, || match naive::client::tcp(&stage.actor(CLIENT), address, LINE, Some(PATIENCE)) {
        Ok(reply) => Effect::success(reply, 1),
        Err(failure) => Effect::failed(failure, 1),
    }))
}

/// Both servers have the option: the old one, whose connections remain, and the new one.
fn reuse_address(stage: &Stage) -> Result<Effect, Trouble> {
    let address = leave_time_wait(stage, &[socket::Choice::ReuseAddress])?;
    Ok(timed(stage, || match serve_once(stage, address) {
        Ok(reply) => Effect::success(reply, 1),
        Err(failure) => Effect::failed(failure, 1),
    }))
}

/// The same option against a server that listens.
fn reuse_address_live(stage: &Stage) -> Result<Effect, Trouble> {
    let (_holder, address) = stage.listener(&stage.actor("first server"), LOOPBACK)?;
    Ok(timed(stage, || match Stage::server(&stage.actor(SERVER), address) {
        Ok(_) => Effect::success(listening(address), 1),
        Err(failure) => Effect::failed(failure, 1),
    }))
}

/// The one who listens is found, and stops.
fn stop_holder(stage: &Stage) -> Result<Effect, Trouble> {
    let (holder, address) = stage.listener(&stage.actor("first server"), LOOPBACK)?;
    let met = must_be_taken(Stage::server(&stage.actor(SERVER), address))?;
    Ok(timed(stage, || {
        stage.actor("first server").note("stops");
        holder.close();
        match serve_once(stage, address) {
            Ok(reply) => Effect { failure: Some(met), ..Effect::success(reply, 2) },
            Err(failure) => Effect::failed(failure, 2),
        }
    }))
}

fn listening(address: SocketAddr) -> String {
    format!("listening on {address}")
}

fn must_be_taken(bound: Result<Socket, Failure>) -> Result<Failure, Trouble> {
    bound.err().ok_or_else(|| Trouble::broke("the port was not in use"))
}

/// A server that is safe to start again serves one client.
fn serve_once(stage: &Stage, address: SocketAddr) -> Result<String, Failure> {
    let listener = Stage::server(&stage.actor(SERVER), address)?;
    let listener = listener.with(socket::Choice::ReadLimit(PATIENCE))?;
    thread::scope(|scope| {
        scope.spawn(|| naive::server::answer_tcp(&listener, answer));
        naive::client::tcp(&stage.actor(CLIENT), address, LINE, Some(PATIENCE))
    })
}

/// Has an old server, with these options, close a connection first and stop, so that the remains of the connection hold
/// its port (RFC 9293 §3.6).
fn leave_time_wait(stage: &Stage, options: &[socket::Choice]) -> Result<SocketAddr, Trouble> {
    let (listener, address) = stage.bound_with(&stage.actor("old server"), Tcp, LOOPBACK, options)?;
    listener.listen(1)?;
    let client = Socket::new(&stage.actor("first client"), Tcp, address)?;
    client.connect(address)?;
    let served = listener.accept()?;
    served.finish_sending()?;
    drop((served, listener));
    while !client.receive(64)?.is_empty() {}
    drop(client);
    stage.sockets_when(Tcp, address.port(), "TIME_WAIT to be all that is left", |rows| {
        let mut on_port = rows.iter().filter(|row| row.local == address).peekable();
        on_port.peek().is_some() && on_port.all(|row| row.state == SocketState::TimeWait)
    })?;
    Ok(address)
}
