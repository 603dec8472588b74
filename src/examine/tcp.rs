//! A TCP target: connects to every address, and where the target is this host, looks whether a program takes the
//! connection.

use super::{Examination, Found};
use crate::evidence::{self, Counter};
use crate::failure::Protocol::Tcp;
use crate::failure::{Failure, Op, Why};
use crate::socket::{Choice, Socket};
use crate::trace::{Deadline, Diagnosis, Event, Recorder, SocketRow, SocketState, What};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

/// The kernel sends a SYN again after a second (RFC 6298 §2.1): only then is silence to be seen.
const SYN_REPEATED: Duration = Duration::from_millis(1050);
/// Between two looks whether a program has accepted: most do at once, and the others are not asked too often.
const FIRST_GLANCE: Duration = Duration::from_micros(100);
const LAST_GLANCE: Duration = Duration::from_millis(20);
/// What is left for the last look at a program that has not accepted.
const LAST_LOOK: Duration = Duration::from_millis(100);

/// Looks at every address of a TCP target, side by side; `by` bounds the whole.
pub fn tcp(recorder: &Recorder, target: String, addresses: &[SocketAddr], by: &Deadline) -> Diagnosis {
    let examination = Examination::new(recorder, by);
    let found = examination.each(addresses, Examination::connect);
    examination.diagnosis(Tcp, target, found)
}

impl Examination {
    fn connect(&self, address: SocketAddr) -> Found {
        let is_here = self.is_here(address.ip());
        if is_here {
            self.sockets(Tcp, address.port());
        }
        let actor = self.recorder.actor(&format!("probe of {address}"));
        let socket = Socket::new(&actor, Tcp, address).and_then(|socket| socket.with(Choice::KeepIcmpErrors));
        let socket = match socket {
            Ok(socket) => socket,
            Err(failure) => return Found::failed(failure),
        };
        let resets = Counter::start("OutRsts").ok().filter(|_| is_here);
        match self.connect_and_watch(&socket, address) {
            Err(failure) => {
                if let Some(resets) = resets.filter(|_| failure.is("ECONNREFUSED")) {
                    // Without the counter nothing is lost but one sign of a firewall.
                    let _ = self.eyes.counted(&resets);
                }
                self.after(&socket, address, &failure, is_here);
                Found::failed(failure)
            }
            Ok(()) if socket.local().is_some_and(|local| local == address) => {
                let failure = socket.reject(Op::Connect, Why::SelfConnected);
                self.sockets(Tcp, address.port());
                Found::failed(failure)
            }
            Ok(()) if is_here => self.accepted(&socket, address),
            Ok(()) => Found::healthy(),
        }
    }

    /// Connects; while that waits, looks what it waits for.
    fn connect_and_watch(&self, socket: &Socket, address: SocketAddr) -> Result<(), Failure> {
        thread::scope(|scope| {
            let connecting = scope.spawn(|| socket.connect_by(address, &self.by));
            let repeated = self.recorder.deadline(SYN_REPEATED);
            while !connecting.is_finished() && repeated.left().is_some() {
                thread::sleep(Duration::from_micros(200));
            }
            while !connecting.is_finished() {
                self.sockets(Tcp, address.port());
                thread::sleep(SYN_REPEATED / 4);
            }
            connecting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    /// What a failed connect leaves to be seen.
    fn after(&self, socket: &Socket, address: SocketAddr, failure: &Failure, is_here: bool) {
        self.icmp_errors(socket, address);
        if failure.is("EADDRNOTAVAIL")
            && let Ok(range) = evidence::port_range()
        {
            self.eyes.keep(range);
        }
        if is_here || failure.is("EADDRNOTAVAIL") {
            let rows = self.sockets(Tcp, address.port());
            self.eyes.holders(rows.iter().filter(|row| row.listens_here(address)));
        }
    }

    /// Waits until a program has taken the connection, which the kernel made without asking any.
    fn accepted(&self, socket: &Socket, address: SocketAddr) -> Found {
        let Some(local) = socket.local() else { return Found::healthy() };
        let mut glance = FIRST_GLANCE;
        let taken = |row: &SocketRow| row.local.port() == address.port() && row.peer.port() == local.port();
        loop {
            let Ok((_, fact)) = evidence::sockets(Tcp, address.port()) else { return Found::healthy() };
            let rows = evidence::rows_of(fact);
            // An end that is gone was closed, and so had been taken. One that the kernel still holds in SYN_RECV
            // waits for the first byte, as TCP_DEFER_ACCEPT has it, unless the queue is full.
            let full = rows.iter().any(|row| row.listens_here(address) && row.recv_queue > row.send_queue);
            let deferred = |row: &SocketRow| row.state == SocketState::SynRecv && !full;
            if rows.iter().filter(|row| taken(row)).all(|row| row.is_held() || deferred(row)) {
                return Found::healthy();
            }
            if self.by.left().is_none_or(|left| left <= LAST_LOOK) {
                self.eyes.holders(rows.iter().filter(|row| row.listens_here(address)));
                return self.not_accepted(socket, address);
            }
            thread::sleep(glance);
            glance = (2 * glance).min(LAST_GLANCE);
        }
    }

    /// Waits for a byte that nobody will send, and looks at the table meanwhile.
    fn not_accepted(&self, socket: &Socket, address: SocketAddr) -> Found {
        thread::scope(|scope| {
            let waiting = scope.spawn(|| socket.peek_within(LAST_LOOK));
            let started = |event: &Event| {
                matches!(&event.what, What::Started(call)
                    if call.op == Op::Receive && call.peer == Some(address))
            };
            self.recorder.wait_for(LAST_LOOK, started);
            self.sockets(Tcp, address.port());
            match waiting.join() {
                Ok(Err(failure)) => Found::failed(failure),
                _ => Found::healthy(),
            }
        })
    }
}

impl SocketRow {
    /// Whether it waits for clients on the port of `address`.
    fn listens_here(&self, address: SocketAddr) -> bool {
        self.local.port() == address.port() && self.state == SocketState::Listen
    }
}
