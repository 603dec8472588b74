//! What a stage looks at while a fault stands, and how that is judged.

use super::stage::{PATIENCE, Stage};
use super::trouble::{Trouble, must_fail};
use crate::diagnose;
use crate::evidence::{self, Eyes, rows_of};
use crate::failure::{Failure, Op, Protocol};
use crate::fault::Fault;
use crate::socket::{Choice, Socket};
use crate::trace::{Check, Event, Fact, SocketRow, Source, Verdict, What};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

/// Between two looks at the live system, which tells nobody when it changes.
const GLANCE: Duration = Duration::from_millis(10);

impl Stage {
    /// What looks at the live system, and keeps what it sees.
    pub fn eyes(&self) -> &Eyes {
        &self.eyes
    }

    /// Connects to `target` with a socket that keeps ICMP errors, only to see whether one comes.
    pub fn probe_connect(&self, target: SocketAddr) -> Result<(), Trouble> {
        let probe = Socket::new(&self.actor("probe"), Protocol::Tcp, target)?.with(Choice::KeepIcmpErrors)?;
        must_fail(probe.connect(target))?;
        self.icmp_errors(&probe, target)?;
        Ok(())
    }

    /// Reads the socket table for `port`, and keeps what it says.
    pub fn sockets(&self, protocol: Protocol, port: u16) -> Result<Vec<SocketRow>, Trouble> {
        Ok(self.eyes.sockets(protocol, port)?)
    }

    /// Reads the socket table for `port` until `wanted` holds of it, and keeps what it then says. `what` says in
    /// a few words what is waited for.
    pub fn sockets_when(
        &self,
        protocol: Protocol,
        port: u16,
        what: &str,
        wanted: impl Fn(&[SocketRow]) -> bool,
    ) -> Result<Vec<SocketRow>, Trouble> {
        let deadline = self.recorder.deadline(PATIENCE);
        loop {
            let read = evidence::sockets(protocol, port)?;
            if wanted(&rows_of(read.1.clone())) {
                return Ok(rows_of(self.eyes.keep(read)));
            }
            if deadline.left().is_none() {
                let seen = self.eyes.keep(read);
                return Err(Trouble::broke(format!("waited in vain for {what}; there were {seen}")));
            }
            thread::sleep(GLANCE);
        }
    }

    /// Reads the socket table for `port` whenever `actor` begins to send, until one of its calls fails: the last
    /// reading was made while that call waited.
    pub fn look_at_each_send(&self, actor: &str, port: u16) -> Result<(), Trouble> {
        let mut next = 0;
        loop {
            let sends = |event: &Event| matches!(&event.what, What::Started(call) if call.op == Op::Send);
            let wanted = |event: &Event| {
                event.seq >= next && event.actor == actor && (sends(event) || event.what.failure().is_some())
            };
            let event = self.recorder.wait_for(PATIENCE, wanted);
            let event = event.ok_or_else(|| Trouble::broke(format!("{actor} neither sent nor failed")))?;
            if event.what.failure().is_some() {
                return Ok(());
            }
            next = event.seq + 1;
            self.sockets(Protocol::Tcp, port)?;
        }
    }

    /// Finds out who holds the socket of `row` and with which options, and keeps the answer.
    pub fn holder(&self, row: &SocketRow) -> Result<Fact, Trouble> {
        Ok(self.eyes.holder(row)?)
    }

    /// Reads the error queue of `socket`, which talked to `peer`, and keeps what came out.
    pub fn icmp_errors(&self, socket: &Socket, peer: SocketAddr) -> Result<Fact, Trouble> {
        Ok(self.eyes.icmp_errors(socket.as_inner(), peer)?)
    }

    /// Keeps what the socket of a failed call says of itself.
    pub fn own_socket(&self, socket: &Socket) -> Result<Fact, Trouble> {
        Ok(self.eyes.own_socket(socket.as_inner())?)
    }

    /// Keeps a fact that a call on this stage has shown.
    pub fn shown_by_probe(&self, fact: Fact) {
        self.eyes.keep((Source::Probe, fact));
    }

    /// Expects that a failure is judged as `fault`.
    pub(super) fn is_judged(&self, name: &str, fault: Fault, failure: &Failure) -> Check {
        let judged = self.judge(failure).fault;
        Check::equal(name, fault.id(), judged.map_or("unknown", Fault::id))
    }

    /// Judges a failure by what has been seen so far.
    pub fn judge(&self, failure: &Failure) -> Verdict {
        diagnose::judge(failure, &self.recorder.events(), &self.eyes.seen())
    }
}
