//! A UDP target: one empty datagram, and whatever comes back. Silence proves nothing by itself.

use super::{Examination, Found};
use crate::failure::Failure;
use crate::failure::Protocol::Udp;
use crate::socket::{Choice, Socket};
use crate::trace::{Deadline, Diagnosis, Health, Recorder, SocketRow};
use std::net::SocketAddr;
use std::time::Duration;

/// Longest wait for an answer: who answers at all, answers sooner.
const WAIT: Duration = Duration::from_secs(1);

/// Looks at every address of a UDP target, side by side; `by` bounds the whole.
pub fn udp(recorder: &Recorder, target: String, addresses: &[SocketAddr], by: &Deadline) -> Diagnosis {
    let examination = Examination::new(recorder, by);
    let found = examination.each(addresses, Examination::ask);
    examination.diagnosis(Udp, target, found)
}

impl Examination {
    fn ask(&self, address: SocketAddr) -> Found {
        let is_here = self.is_here(address.ip());
        if is_here {
            self.sockets(Udp, address.port());
        }
        let actor = self.recorder.actor(&format!("probe of {address}"));
        let socket = Socket::new(&actor, Udp, address).and_then(|socket| socket.with(Choice::KeepIcmpErrors));
        match socket {
            Ok(socket) => self.exchange(&socket, address, is_here),
            Err(failure) => Found::failed(failure),
        }
    }

    fn exchange(&self, socket: &Socket, address: SocketAddr, is_here: bool) -> Found {
        let wait = self.by.or_within(WAIT);
        let asked =
            socket.connect(address).and_then(|()| socket.send(b"")).and_then(|_| socket.wait_by(&wait));
        let Err(failure) = asked else { return Found::healthy() };
        self.icmp_errors(socket, address);
        let rows = if is_here { self.sockets(Udp, address.port()) } else { Vec::new() };
        self.eyes.holders(rows.iter().filter(|row| row.local.port() == address.port()));
        let status = Self::silence_or_fault(&failure, &rows);
        Found { status, ..Found::failed(failure) }
    }

    /// Silence is a fault only where the datagram is seen to lie unread.
    fn silence_or_fault(failure: &Failure, rows: &[SocketRow]) -> Health {
        let unread = rows.iter().any(|row| row.is_held() && row.recv_queue > 0);
        if failure.is_timeout() && !unread { Health::Inconclusive } else { Health::Fault }
    }
}
