//! An address that a server wants: binds it for a moment, and where that fails, looks at what is in the way.

use super::{Examination, Found};
use crate::evidence;
use crate::failure::{Failure, Platform, Protocol};
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
            // On Windows SO_REUSEADDR would steal the port.
            if protocol == Protocol::Tcp && Platform::HERE != Platform::Windows {
                self.with("SO_REUSEADDR", Choice::ReuseAddress, address);
                self.with("SO_REUSEPORT", Choice::ReusePort, address);
            }
        }
        Found::failed(failure)
    }

    /// Whether a socket with `choice` could have the address. A TCP socket that does not listen takes no connection
    /// from who does; a UDP socket would take datagrams, so there it is not tried.
    fn with(&self, option: &str, choice: Choice, address: SocketAddr) {
        let actor = self.recorder.actor(&format!("probe with {option}"));
        let socket = Socket::new(&actor, Protocol::Tcp, address).and_then(|socket| socket.with(choice));
        if let Ok(socket) = socket {
            let works = socket.bind(address).is_ok();
            self.eyes.keep((Source::Probe, Fact::BindsWith { option: option.to_owned(), address, works }));
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
