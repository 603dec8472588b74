//! Connection refused: a server that comes up a little later, and one that never does. From a single refusal a client
//! cannot tell which of them it is.

use super::Choice;
use super::promise::Promise;
use super::work::{CLIENT, LINE, LOOPBACK, PATIENCE, Retrying, answer, joined, timed};
use crate::failure::Failure;
use crate::failure::Protocol::Tcp;
use crate::fault::Fault;
use crate::naive;
use crate::reproduce::{Stage, Trouble};
use crate::retry::Backoff;
use crate::socket::{self, Socket};
use crate::trace::Effect;
use std::net::SocketAddr;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How much later the server comes up.
const LATE: Duration = Duration::from_millis(800);
/// A limit on everything, where nobody will ever listen.
const DEADLINE: Duration = Duration::from_millis(1500);
const REFUSED: &str = "ECONNREFUSED";

pub(super) const CHOICES: &[Choice] = &[
    Choice {
        id: "longer-timeout",
        attempt: |stage| {
            let patient = Retrying { backoff: Backoff::None, attempts: 1, each: PATIENCE, total: PATIENCE };
            Ok(patient.ask(stage, stage.unused(Tcp, LOOPBACK)?))
        },
        promise: Promise::fails(REFUSED),
    },
    Choice {
        id: "retry-at-once",
        attempt: |stage| {
            late(stage, Retrying { backoff: Backoff::None, attempts: 5, each: LATE, total: PATIENCE })
        },
        promise: Promise::fails(REFUSED).attempts(5),
    },
    Choice {
        id: "backoff",
        attempt: |stage| late(stage, persistent(PATIENCE)),
        promise: Promise::WORKS.attempts(2).after(Duration::from_millis(500)),
    },
    Choice {
        id: "backoff-nobody",
        attempt: |stage| Ok(persistent(DEADLINE).ask(stage, stage.unused(Tcp, LOOPBACK)?)),
        promise: Promise::fails(REFUSED).attempts(3),
    },
    Choice { id: "bind-only", attempt: bind_only, promise: Promise::fails(REFUSED) },
    Choice { id: "look", attempt: look, promise: Promise::fails(REFUSED).names(Fault::NoListener) },
];

/// The failure that the lesson is about.
pub(super) fn fail(stage: &Stage) -> Result<Failure, Trouble> {
    let refused = ask(stage, stage.unused(Tcp, LOOPBACK)?);
    refused.failure.ok_or_else(|| Trouble::broke("somebody answered on a port that nobody had"))
}

fn persistent(total: Duration) -> Retrying {
    Retrying { backoff: Backoff::FullJitter, attempts: 100, each: LATE, total }
}

/// One attempt.
fn ask(stage: &Stage, address: SocketAddr) -> Effect {
    timed(stage, || match naive::client::tcp(&stage.actor(CLIENT), address, LINE, Some(PATIENCE)) {
        Ok(reply) => Effect::success(reply, 1),
        Err(failure) => Effect::failed(failure, 1),
    })
}

/// Lets a client ask a server that is about to come up.
fn late(stage: &Stage, client: Retrying) -> Result<Effect, Trouble> {
    let address = stage.unused(Tcp, LOOPBACK)?;
    thread::scope(|scope| {
        let (needed, not_needed) = mpsc::channel();
        let server = scope.spawn(move || come_up(stage, address, &not_needed));
        let effect = client.ask(stage, address);
        drop(needed);
        joined(server)??;
        Ok(effect)
    })
}

/// Comes up [`LATE`], unless nobody asks any more by then, and answers one client.
fn come_up(stage: &Stage, address: SocketAddr, not_needed: &Receiver<()>) -> Result<(), Trouble> {
    if not_needed.recv_timeout(LATE) != Err(RecvTimeoutError::Timeout) {
        return Ok(());
    }
    let taken = |failure: Failure| {
        if failure.is("EADDRINUSE") { Trouble::PortTaken { address } } else { failure.into() }
    };
    let listener = Stage::server(&stage.actor("server"), address).map_err(taken)?;
    let listener = listener.with(socket::Choice::ReadLimit(PATIENCE))?;
    Ok(naive::server::answer_tcp(&listener, |request| answer(request) + "\n")?)
}

/// A server that has its port, and does not listen.
fn bind_only(stage: &Stage) -> Result<Effect, Trouble> {
    let (_server, address): (Socket, _) = stage.bound(&stage.actor("server"), Tcp, LOOPBACK)?;
    Ok(ask(stage, address))
}

/// Looks who listens, before and after.
fn look(stage: &Stage) -> Result<Effect, Trouble> {
    let address = stage.unused(Tcp, LOOPBACK)?;
    stage.sockets(Tcp, address.port())?;
    let effect = ask(stage, address);
    stage.sockets(Tcp, address.port())?;
    stage.probe_connect(address)?;
    let verdict = effect.failure.as_ref().map(|failure| stage.judge(failure));
    Ok(Effect { verdict, ..effect })
}
