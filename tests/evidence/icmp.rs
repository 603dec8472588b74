//! ICMP errors from the error queue.

use crate::{PATIENCE, V4, bound, loopbacks, once, shown};
use netfault::evidence;
use netfault::failure::Protocol::Udp;
use netfault::socket::{Choice, Socket};
use netfault::trace::{Fact, IcmpError, Source};
use std::time::Duration;

#[test]
fn a_refused_datagram_leaves_an_icmp_error_and_who_sent_it() {
    for address in loopbacks() {
        let socket = connected_to_nobody(address, PATIENCE);
        let Some(before) = errors(&socket) else { return };
        assert_eq!(before, [], "nothing has happened yet");
        socket.send(b"anyone?").unwrap();
        let failure = socket.receive(16).unwrap_err();
        assert!(failure.is("ECONNREFUSED"), "{failure}");
        let code_on_socket = failure.errno().unwrap().code;
        let peer = socket.peer().unwrap().ip();
        let (kind, code) = if peer.is_ipv4() { (3, 3) } else { (1, 4) };
        let wanted = IcmpError { code_on_socket, kind, code, offender: Some(peer) };
        assert_eq!(errors(&socket).unwrap(), [wanted], "the call took the errno and left the entry");
        assert_eq!(errors(&socket).unwrap(), [], "reading takes the entry out");
    }
}

#[test]
fn taking_the_last_icmp_error_takes_the_pending_errno_with_it() {
    let socket = connected_to_nobody(V4, Duration::from_millis(20));
    socket.send(b"anyone?").unwrap();
    let Some(found) = once(|| errors(&socket), |errors| !errors.is_empty()) else { return };
    assert_eq!(found.len(), 1);
    let failure = socket.receive(16).unwrap_err();
    assert!(failure.is_timeout(), "{failure}");
}

#[test]
fn a_socket_that_was_not_told_to_keep_icmp_errors_proves_nothing() {
    let socket = bound(Udp, V4);
    assert!(evidence::icmp_errors(socket.as_inner(), socket.local().unwrap()).is_err());
}

/// A connected UDP socket that keeps ICMP errors and waits at most `limit`; nobody has the port it talks to.
fn connected_to_nobody(address: &str, limit: Duration) -> Socket {
    let closed = bound(Udp, address).local().unwrap();
    let socket = Socket::new(&crate::actor(), Udp, closed).unwrap().with(Choice::KeepIcmpErrors).unwrap();
    let socket = socket.with(Choice::ReadLimit(limit)).unwrap();
    socket.connect(closed).unwrap();
    socket
}

fn errors(socket: &Socket) -> Option<Vec<IcmpError>> {
    match shown(evidence::icmp_errors(socket.as_inner(), socket.peer().unwrap()))? {
        (Source::ErrorQueue, Fact::IcmpErrors { errors, .. }) => Some(errors),
        other => panic!("{other:?}"),
    }
}
