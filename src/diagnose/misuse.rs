//! Calls that the socket's state or kind does not allow: what the socket says of itself, and what the same program
//! did with it before.

use super::case::Case;
use crate::failure::{Op, Why};
use crate::fault::Fault;
use crate::trace::{Because, Confidence, Fact, Verdict};
use std::net::SocketAddr;

/// The socket has an address since an earlier `bind`.
pub(super) fn already_bound(case: &Case) -> Option<Verdict> {
    if case.failure.call.op != Op::Bind || !case.failure.is("EINVAL") || lacks_scope(case.failure.call.local?)
    {
        return None;
    }
    let (_, earlier) = case.did(Op::Bind)?;
    let own = case.own_socket().filter(|(socket, _)| socket.local.is_some());
    Some(verdict(case, Fault::AlreadyBound, own.map(|(_, cite)| cite)).because([earlier]))
}

/// A call that needs a connection, on a socket that never had one.
pub(super) fn not_connected(case: &Case) -> Option<Verdict> {
    let call = &case.failure.call;
    // Linux: EPIPE from send(2) on a stream that never was connected.
    let named = case.failure.is("ENOTCONN") || (case.failure.is("EPIPE") && call.op == Op::Send);
    if !named || call.peer.is_some() || case.did(Op::Connect).is_some() {
        return None;
    }
    let own = case.own_socket().filter(|(socket, _)| socket.peer.is_none());
    Some(verdict(case, Fault::NotConnected, own.map(|(_, cite)| cite)))
}

/// The number of a descriptor that was closed before.
pub(super) fn closed_socket(case: &Case) -> Option<Verdict> {
    if !case.failure.is("EBADF") {
        return None;
    }
    let closed = case.fact(|fact| match fact {
        Fact::Descriptor { open: false, .. } => Some(()),
        _ => None,
    });
    let (_, earlier) = case.did(Op::Close)?;
    Some(verdict(case, Fault::ClosedSocket, closed.map(|((), cite)| cite)).because([earlier]))
}

/// The call would have had to wait, and the socket was told not to.
pub(super) fn would_block(case: &Case) -> Option<Verdict> {
    let (_, own) = case.own_socket().filter(|(socket, _)| socket.nonblocking)?;
    let waits = matches!(case.failure.call.op, Op::Accept | Op::Receive | Op::Send);
    if !waits || !case.failure.is("EAGAIN") {
        return None;
    }
    Some(verdict(case, Fault::WouldBlock, Some(own)))
}

/// An address of one family, given to a socket of the other.
pub(super) fn wrong_address_family(case: &Case) -> Option<Verdict> {
    let call = &case.failure.call;
    if !matches!(call.op, Op::Connect | Op::Bind | Op::Send) || !case.failure.is("EAFNOSUPPORT") {
        return None;
    }
    let asked = call.address()?;
    let (socket, own) = case.own_socket()?;
    (socket.is_ipv6 != asked.is_ipv6()).then(|| verdict(case, Fault::WrongAddressFamily, Some(own)))
}

/// The connection leads back to the socket itself.
pub(super) fn self_connect(case: &Case) -> Option<Verdict> {
    if case.failure.why != Why::SelfConnected {
        return None;
    }
    let target = case.address(case.failure.call.protocol)?;
    let seen = case.after().filter(|reading| reading.rows.iter().any(|row| row.connects(target, target)));
    Some(verdict(case, Fault::SelfConnect, seen.map(|reading| reading.cite)))
}

/// Two sockets wait for clients at exactly the address that was asked, and the wrong one answered.
pub(super) fn port_hijack(case: &Case) -> Option<Verdict> {
    let Why::Stranger { .. } = case.failure.why else { return None };
    let target = case.address(case.failure.call.protocol)?;
    let (readings, confidence) = case.around()?;
    let shared = readings.iter().all(|reading| {
        reading.rows.iter().filter(|row| row.is_held() && row.is_open() && row.local == target).count() > 1
    });
    shared.then(|| {
        Verdict::of(Fault::PortHijack, confidence, case)
            .because(readings.iter().map(|reading| reading.cite))
            .rules_out(&[Fault::SelfConnect], readings[readings.len() - 1].cite)
    })
}

/// Proved by what was seen; without it, what the program did fits.
fn verdict(case: &Case, fault: Fault, seen: Option<Because>) -> Verdict {
    let confidence = if seen.is_some() { Confidence::Proved } else { Confidence::Consistent };
    let verdict = Verdict::of(fault, confidence, case).because(seen);
    let by = seen.unwrap_or(case.failed());
    verdict.rules_out(confused_with(fault), by)
}

/// What the same errno, or the same look, stands for elsewhere.
const fn confused_with(fault: Fault) -> &'static [Fault] {
    match fault {
        Fault::AlreadyBound => &[Fault::NotLocal, Fault::LiveListener],
        Fault::NotConnected => &[Fault::WriteAfterClose, Fault::ClosedSocket],
        Fault::ClosedSocket => &[Fault::NotConnected],
        Fault::WouldBlock => &[Fault::ReadSilence, Fault::UdpSilence],
        Fault::WrongAddressFamily => &[Fault::NotLocal],
        _ => &[Fault::PortHijack, Fault::NoListener],
    }
}

/// EINVAL is also the answer to a link-local address that does not say on which interface, ipv6(7).
fn lacks_scope(address: SocketAddr) -> bool {
    matches!(address, SocketAddr::V6(v6) if v6.ip().is_unicast_link_local() && v6.scope_id() == 0)
}
