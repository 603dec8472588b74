//! An address that a server wants: binds it for a moment, and where that fails, looks at what is in the way.

use super::{Examination, Found};
use crate::evidence;
use crate::failure::{Failure, Protocol};
use crate::socket::{Choice, Socket};
use crate::trace::{Deadline, Diagnosis, Fact, Recorder, Source};
use std::net::SocketAddr;

/// Tells whether `address` can be bound without any option, and if not, why. The socket is closed at once, and does
/// not listen.
pub fn bind(recorder: &Recorder, protocol: Protocol, address: SocketAddr, by: &Deadline) -> Diagnosis {
    let examination = Examination::new(recorder, by);
    let found = examination.try_bind(protocol, address);
    examination.diagnosis(protocol, format!("bind {protocol} {address}"), vec![(address, found)])
}

impl Examination {
    fn try_bind(&self, protocol: Protocol, address: SocketAddr) -> Found {
        // Where the address is unspecified there is no route to it, and none is needed.
        if !address.ip().is_unspecified() {
            self.is_here(address.ip());
        }
        let actor = self.recorder.actor("probe");
        let before = self.sockets(protocol, address.port());
        let socket = match Socket::new(&actor, protocol, address) {
            Ok(socket) => socket,
            Err(failure) => return Found::failed(failure),
        };
        let Err(failure) = socket.bind(address) else { return Found::healthy() };
        self.sockets(protocol, address.port());
        // What this platform cannot show makes the verdict less sure.
        let _ = self.eyes.own_socket(socket.as_inner());
        self.settings_for(&failure);
        self.holders(before.iter().filter(|row| row.local.port() == address.port()));
        if failure.is("EADDRINUSE") {
            for listed in evidence::listed(protocol, address.port()).into_iter().flatten() {
                self.eyes.keep(listed);
            }
            self.with_reuse(protocol, address);
            if protocol == Protocol::Tcp {
                self.with_sharing(address);
            }
        }
        Found::failed(failure)
    }

    /// Whether it could be bound by a server that sets `SO_REUSEADDR`, as hardened ones do.
    fn with_reuse(&self, protocol: Protocol, address: SocketAddr) {
        let actor = self.recorder.actor("probe with SO_REUSEADDR");
        let socket =
            Socket::new(&actor, protocol, address).and_then(|socket| socket.with(Choice::ServerAddress));
        // Either way it is in the trace.
        let _ = socket.and_then(|socket| socket.bind(address));
    }

    /// Whether the holder shares the port. A TCP socket that does not listen takes no connection from it; a UDP socket
    /// would take datagrams, so there it is not tried.
    fn with_sharing(&self, address: SocketAddr) {
        let actor = self.recorder.actor("probe with SO_REUSEPORT");
        let socket =
            Socket::new(&actor, Protocol::Tcp, address).and_then(|socket| socket.with(Choice::ReusePort));
        if let Ok(socket) = socket {
            let shares = socket.bind(address).is_ok();
            self.eyes.keep((Source::Probe, Fact::SharesPort { address, shares }));
        }
    }

    fn settings_for(&self, failure: &Failure) {
        let any_port = failure.call.local.is_some_and(|local| local.port() == 0);
        let mut readings = Vec::new();
        if failure.is("EACCES") {
            readings.extend([evidence::unprivileged_ports(), evidence::port_privilege()]);
        }
        if failure.is("EADDRNOTAVAIL") {
            readings.push(evidence::addresses());
        }
        if failure.is("EADDRINUSE") {
            readings.push(evidence::bound_sockets());
        }
        if failure.is("EADDRINUSE") && any_port {
            readings.push(evidence::port_range());
        }
        for reading in readings.into_iter().flatten() {
            self.eyes.keep(reading);
        }
    }
}
