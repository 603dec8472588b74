//! What is looked at when a call has failed.

use super::{Onlooker, Port, bind_failed, port_of};
use crate::evidence;
use crate::failure::{Failure, Op};
use crate::socket::Socket;
use crate::trace::{Recorder, SocketRow, SocketState};
use std::net::SocketAddr;

/// So many listeners on one port are asked for their holders.
const MOST_LISTENERS: usize = 4;

impl Onlooker {
    /// Looks at whatever the failure of this call leaves to be seen. What this platform or user cannot see makes a
    /// verdict less sure, and is no error.
    pub(super) fn look_after(&self, failure: &Failure, socket: &Socket) {
        match failure.call.op {
            Op::Bind | Op::Listen => self.after_bind(failure, socket),
            Op::Accept => self.after_accept(failure),
            Op::Connect | Op::Send | Op::Receive => self.after_exchange(failure, socket),
            _ => {}
        }
    }

    fn after_bind(&self, failure: &Failure, socket: &Socket) {
        // Where any port was asked for, no table shows which.
        let rows = port_of(&failure.call).map(|port| self.after(port)).unwrap_or_default();
        let _ = self.eyes.own_socket(socket.as_inner());
        if let Some(address) = failure.call.local.filter(|address| !address.ip().is_unspecified()) {
            self.route(address);
        }
        bind_failed(&self.eyes, &Recorder::forgetful(), failure, &rows);
    }

    /// This process itself had no descriptor left.
    fn after_accept(&self, failure: &Failure) {
        if let Some(port) = port_of(&failure.call) {
            self.after(port);
        }
        if let Ok(descriptors) = evidence::descriptors(std::process::id()) {
            self.eyes.keep(descriptors);
        }
    }

    fn after_exchange(&self, failure: &Failure, socket: &Socket) {
        let Some(port) = port_of(&failure.call) else { return };
        let rows = self.after(port);
        let _ = self.eyes.own_socket(socket.as_inner());
        let Some(peer) = failure.call.peer else { return };
        // The queue of a socket that keeps none says so, and is left out.
        let _ = self.eyes.icmp_errors(socket.as_inner(), peer);
        self.route(peer);
        self.listeners(failure, &rows, peer);
        self.counters(failure, port);
        if let (true, Some(local)) = (failure.is("ECONNRESET") || failure.is("EPIPE"), failure.call.local) {
            self.whether_the_other_lives(local, peer);
        }
    }

    /// Once for each address: routes change seldom.
    fn route(&self, address: SocketAddr) {
        if self.seen().routes.insert(address.ip()) {
            let _ = self.eyes.route(address.ip());
        }
    }

    /// Who waits for clients on the port; and of who lets them wait, whether it has descriptors left.
    fn listeners(&self, failure: &Failure, rows: &[SocketRow], peer: SocketAddr) {
        let waits = |row: &&SocketRow| {
            row.local.port() == peer.port()
                && matches!(row.state, SocketState::Listen | SocketState::Unconnected)
        };
        for row in rows.iter().filter(waits).take(MOST_LISTENERS) {
            let descriptors = self.holder(row).map(evidence::descriptors);
            if let (true, Some(Ok(descriptors))) = (failure.is_timeout(), descriptors) {
                self.eyes.keep(descriptors);
            }
        }
    }

    fn counters(&self, failure: &Failure, port: Port) {
        if failure.is("ECONNREFUSED") {
            let resets = self.seen().resets.get(&port).cloned();
            if let Some(resets) = resets {
                let _ = self.eyes.counted(&resets);
            }
        }
        if failure.is("ECONNRESET") || failure.is("EPIPE") {
            for counter in &self.aborts {
                let _ = self.eyes.counted(counter);
            }
        }
        if failure.is("EADDRNOTAVAIL")
            && let Ok(range) = evidence::port_range()
        {
            self.eyes.keep(range);
        }
    }

    /// Whether the process is there still that was seen to hold the other end of the connection.
    fn whether_the_other_lives(&self, local: SocketAddr, peer: SocketAddr) {
        let pid = self.seen().ends.get(&(peer, local)).copied();
        if let Some(Ok(process)) = pid.map(evidence::process) {
            self.eyes.keep(process);
        }
    }
}
