//! An address that a server wants: binds it for a moment, and where that fails, looks at what is in the way.

use super::{Examination, Found};
use crate::failure::Protocol;
use crate::socket::Socket;
use crate::trace::{Deadline, Diagnosis, Recorder};
use crate::witness;
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
        witness::bind_failed(&self.eyes, &self.recorder, &failure, &before);
        Found::failed(failure)
    }
}
