//! An established connection that the other end broke off.

pub(super) mod linger_zero;
pub(super) mod peer_crash;
pub(super) mod unread_data;

use crate::evidence::{self, Counter};
use crate::failure::Protocol::Tcp;
use crate::failure::{Failure, Op};
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, PATIENCE, Shown, Stage};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::{Fact, SocketRow};
use std::net::SocketAddr;
use std::thread;

/// How the server of a connection breaks it off; gives the process that held it.
type BreakOff = fn(&Stage, Socket, &Ready) -> Result<u32, Trouble>;

/// A client that waits for its reply.
struct Ready {
    address: SocketAddr,
    client: SocketAddr,
}

impl Ready {
    /// Waits until the server's end of the connection has unread bytes or none, and looks who holds it.
    fn look(&self, stage: &Stage, unread: bool) -> Result<u32, Trouble> {
        let end = |row: &SocketRow| {
            row.local == self.address
                && row.peer == self.client
                && row.is_held()
                && (row.recv_queue > 0) == unread
        };
        let what = if unread { "the request to wait unread" } else { "the request to be read" };
        let rows = stage.sockets_when(Tcp, self.address.port(), what, |rows| rows.iter().any(end))?;
        let row =
            rows.iter().find(|row| end(row)).ok_or_else(|| Trouble::broke("the server's end is gone"))?;
        match stage.holder(row)? {
            Fact::Holder(process) => Ok(process.pid),
            other => Err(Trouble::broke(format!("nobody holds the server's end: {other}"))),
        }
    }
}

/// A naive client asks, the server breaks off while it waits, and what is left is looked at.
fn meet(
    stage: &Stage,
    counter: &'static str,
    choices: &[Choice],
    break_off: BreakOff,
) -> Result<Failure, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK_4)?;
    let counter = Counter::start(counter)?;
    thread::scope(|scope| {
        let naive = stage.actor("naive client");
        let asking = scope.spawn(move || naive::client::tcp(&naive, address, LINE, Some(PATIENCE)));
        let mut served = listener.accept()?;
        for choice in choices {
            served = served.with(*choice)?;
        }
        let client = served.peer().ok_or_else(|| Trouble::broke("a connection has no other end"))?;
        stage.wait_for_call("naive client", Op::Receive)?;
        let pid = break_off(stage, served, &Ready { address, client })?;
        let met = must_fail(joined(asking)?)?;
        stage.sockets(Tcp, address.port())?;
        stage.eyes.counted(&counter)?;
        if let Ok(lives @ (_, Fact::Lives { .. })) = evidence::process(pid) {
            stage.eyes.keep(lives);
        }
        Ok(met)
    })
}

/// A hardened server in its place, and a client that tries again.
fn served_again(stage: &Stage, met: Failure) -> Result<Shown, Trouble> {
    stage.recover(met, |_| {
        let address = stage.unused(Tcp, LOOPBACK_4)?;
        stage.serving(Tcp, address, || stage.exchange(Tcp, &[address]))
    })
}
