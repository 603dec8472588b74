//! An established connection that the other end broke off.

pub(super) mod linger_zero;
pub(super) mod peer_crash;
pub(super) mod unread_data;

use crate::evidence::Counter;
use crate::failure::Protocol::Tcp;
use crate::failure::{Failure, Op};
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, PATIENCE, Shown, Stage};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::SocketRow;
use std::net::SocketAddr;
use std::thread;

/// How the server of a connection breaks it off; what it keeps until the client has met the fault comes back.
type BreakOff<K> = fn(&Stage, Socket, &Ready) -> Result<K, Trouble>;

/// A client that waits for its reply.
struct Ready {
    address: SocketAddr,
    client: SocketAddr,
}

impl Ready {
    /// Waits until the server's end of the connection has `unread` bytes or none, and looks who holds it.
    fn look(&self, stage: &Stage, unread: bool) -> Result<(), Trouble> {
        let end = |row: &SocketRow| {
            row.local == self.address
                && row.peer == self.client
                && row.is_held()
                && (row.recv_queue > 0) == unread
        };
        let what = if unread { "the request to wait unread" } else { "the request to be read" };
        let rows = stage.sockets_when(Tcp, self.address.port(), what, |rows| rows.iter().any(end))?;
        if let Some(row) = rows.iter().find(|row| end(row)) {
            stage.holder(row)?;
        }
        Ok(())
    }
}

/// A naive client asks, the server breaks off while it waits, and what is left is looked at.
fn meet<K>(
    stage: &Stage,
    counter: &'static str,
    choices: &[Choice],
    break_off: BreakOff<K>,
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
        let kept = break_off(stage, served, &Ready { address, client })?;
        let met = must_fail(joined(asking)?)?;
        stage.sockets(Tcp, address.port())?;
        stage.eyes.counted(&counter)?;
        drop(kept);
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
