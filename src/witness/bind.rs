//! What is to be seen after an address was asked for and refused.

use crate::evidence::{self, Eyes};
use crate::failure::{Failure, Platform, Protocol};
use crate::socket::{Choice, Socket};
use crate::trace::{Fact, Recorder, SocketRow, Source};
use std::net::SocketAddr;

/// Looks at what is in the way of a bind that ended in `failure`: settings, who holds the `rows` of the socket table
/// that have the port, and which options would help. The calls of trial binds are written to `trials`.
pub fn bind_failed(eyes: &Eyes, trials: &Recorder, failure: &Failure, rows: &[SocketRow]) {
    let Some(address) = failure.call.local else { return };
    let protocol = failure.call.protocol;
    settings(eyes, failure);
    eyes.holders(rows.iter().filter(|row| row.local.port() == address.port()));
    if failure.is("EADDRINUSE") {
        for listed in evidence::listed(protocol, address.port()).into_iter().flatten() {
            eyes.keep(listed);
        }
        // On Windows SO_REUSEADDR would steal the port.
        if protocol == Protocol::Tcp && Platform::HERE != Platform::Windows {
            try_with(eyes, trials, "SO_REUSEADDR", Choice::ReuseAddress, address);
            try_with(eyes, trials, "SO_REUSEPORT", Choice::ReusePort, address);
        }
    }
}

/// Whether a socket with `choice` could have the address. A TCP socket that does not listen takes no connection
/// from who does; a UDP socket would take datagrams, so there it is not tried.
fn try_with(eyes: &Eyes, trials: &Recorder, option: &str, choice: Choice, address: SocketAddr) {
    let actor = trials.actor(&format!("probe with {option}"));
    let socket = Socket::new(&actor, Protocol::Tcp, address).and_then(|socket| socket.with(choice));
    if let Ok(socket) = socket {
        let works = socket.bind(address).is_ok();
        eyes.keep((Source::Probe, Fact::BindsWith { option: option.to_owned(), address, works }));
    }
}

fn settings(eyes: &Eyes, failure: &Failure) {
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
        eyes.keep(reading);
    }
}
