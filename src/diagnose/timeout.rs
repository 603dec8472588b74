//! A wait that ended without an answer: which part of the other end is silent.

use super::case::{Case, Reading};
use crate::failure::{Op, Protocol};
use crate::fault::Fault;
use crate::trace::{Because, Confidence, Fact, SocketRow, SocketState, TcpInfo, Unseen, Verdict};
use std::net::SocketAddr;

/// The listener has more connections waiting than its backlog, and the SYN had to be sent again.
pub(super) fn backlog_full(case: &Case) -> Option<Verdict> {
    let target = waited(case, Protocol::Tcp, Op::Connect)?;
    let reading = case.during()?;
    let full = |row: &SocketRow| {
        row.listens_on(target.port()) && row.receives_for(target) && row.recv_queue > row.send_queue
    };
    let repeats = |row: &SocketRow| {
        row.state == SocketState::SynSent
            && row.peer == target
            && row.tcp.is_some_and(|tcp| tcp.total_retransmissions > 0)
    };
    if !reading.rows.iter().any(full) || !reading.rows.iter().any(repeats) {
        return None;
    }
    Some(
        Verdict::of(Fault::BacklogFull, Confidence::Proved, case)
            .because([reading.cite])
            .rules_out(&[Fault::StuckAccept, Fault::NoListener], reading.cite),
    )
}

/// The program accepted the connection and read the request; no byte of a reply came.
pub(super) fn read_silence(case: &Case) -> Option<Verdict> {
    let wait = Wait::of(case, Op::Receive)?;
    let ours = wait.client.tcp?;
    if ours.bytes_acknowledged == 0 || ours.bytes_received > 0 {
        return None;
    }
    let verdict = |confidence| Verdict::of(Fault::ReadSilence, confidence, case).because([wait.reading.cite]);
    match wait.server {
        None => Some(verdict(Confidence::Consistent).without_seeing([Unseen::RemoteHost])),
        Some(server) if server.is_held() && server.recv_queue == 0 && has_received(server, ours) => Some(
            verdict(Confidence::Proved)
                .rules_out(&[Fault::StuckAccept, Fault::BacklogFull], wait.reading.cite),
        ),
        Some(_) => None,
    }
}

/// The kernel made the connection and holds the request; no program has accepted it.
pub(super) fn stuck_accept(case: &Case) -> Option<Verdict> {
    if no_descriptor_left(case).is_some() {
        return None;
    }
    not_accepted(case, Fault::StuckAccept)
}

/// The verdict `fault`, when the connection waits in the queue of a listener.
fn not_accepted(case: &Case, fault: Fault) -> Option<Verdict> {
    let wait = Wait::of(case, Op::Receive)?;
    let server = wait.server?;
    let queued = |row: &SocketRow| {
        row.listens_on(wait.target.port())
            && row.receives_for(wait.target)
            && row.recv_queue > 0
            && row.is_held()
    };
    if server.is_held() || !wait.reading.rows.iter().any(queued) {
        return None;
    }
    Some(
        Verdict::of(fault, Confidence::Proved, case)
            .because([wait.reading.cite])
            .rules_out(&[Fault::ReadSilence, Fault::BacklogFull], wait.reading.cite),
    )
}

/// The same, and the program has no descriptor left with which it could accept.
pub(super) fn accept_without_descriptor(case: &Case) -> Option<Verdict> {
    let verdict = not_accepted(case, Fault::AcceptWithoutDescriptor)?;
    let full = no_descriptor_left(case)?;
    Some(verdict.because([full]).rules_out(&[Fault::StuckAccept], full))
}

/// Whose listener it is has as many descriptors open as it may have.
fn no_descriptor_left(case: &Case) -> Option<Because> {
    let pid = case.fact(|fact| match fact {
        Fact::Holder(process) => Some(process.pid),
        _ => None,
    });
    let full = case.fact(|fact| match fact {
        Fact::Descriptors(all) if all.open >= all.limit => Some(all.pid),
        _ => None,
    });
    full.filter(|(of, _)| pid.is_some_and(|(pid, _)| pid == *of)).map(|(_, cite)| cite)
}

/// The other program holds the connection and does not read; what this one sent fills the buffers of both.
pub(super) fn write_stall(case: &Case) -> Option<Verdict> {
    let wait = Wait::of(case, Op::Send)?;
    if wait.client.send_queue == 0 {
        return None;
    }
    let verdict = |confidence| Verdict::of(Fault::WriteStall, confidence, case).because([wait.reading.cite]);
    match wait.server {
        None => Some(verdict(Confidence::Consistent).without_seeing([Unseen::RemoteHost])),
        Some(server) if server.is_held() && server.recv_queue > 0 => Some(
            verdict(Confidence::Proved)
                .rules_out(&[Fault::ReadSilence, Fault::StuckAccept], wait.reading.cite),
        ),
        Some(_) => None,
    }
}

/// The SYN was sent again and again, and neither an answer nor an ICMP error came. A full queue of a listener far away
/// looks the same.
pub(super) fn connect_blackhole(case: &Case) -> Option<Verdict> {
    let target = waited(case, Protocol::Tcp, Op::Connect)?;
    let reading = case.during()?;
    let silent = |row: &SocketRow| {
        row.state == SocketState::SynSent
            && row.peer == target
            && row.tcp.is_some_and(|tcp| tcp.total_retransmissions > 0)
    };
    let full = |row: &SocketRow| row.receives_for(target) && row.recv_queue > row.send_queue;
    if !reading.rows.iter().any(silent)
        || reading.rows.iter().any(full)
        || case.icmp().is_some_and(|(errors, _)| !errors.is_empty())
    {
        return None;
    }
    let verdict = |confidence| {
        Verdict::of(Fault::ConnectBlackhole, confidence, case)
            .because([reading.cite])
            .because(case.icmp().map(|(_, queue)| queue))
            .rules_out(&[Fault::NoListener], reading.cite)
    };
    if let Some(lost) = case.every_packet_lost() {
        return Some(verdict(Confidence::Proved).because([lost]).rules_out(&[Fault::BacklogFull], lost));
    }
    let unseen = if case.is_here() { Unseen::PacketFilter } else { Unseen::RemoteHost };
    Some(verdict(Confidence::Consistent).without_seeing([unseen]))
}

/// The kernel gave an open connection up: what it sent, or asked, again and again was never acknowledged.
pub(super) fn dead_peer(case: &Case) -> Option<Verdict> {
    let target = case.address(Protocol::Tcp)?;
    let waited = matches!(case.failure.call.op, Op::Receive | Op::Send);
    if !waited || !case.failure.is("ETIMEDOUT") {
        return None;
    }
    let local = case.failure.call.local?;
    // A window that stays closed ends in ETIMEDOUT too, with TCP_USER_TIMEOUT; then the probes are answered, and what was
    // sent again long ago says nothing.
    let unanswered = |tcp: TcpInfo| tcp.probes > 1 || (tcp.unacknowledged > 0 && tcp.repeats > 0);
    let asks = |row: &SocketRow| row.connects(local, target) && row.tcp.is_some_and(unanswered);
    let seen = case
        .during()
        .filter(|reading| reading.rows.iter().any(asks) && !case.was_heard_of(target, reading.at))
        .map(|reading| reading.cite);
    let confidence = if seen.is_some() { Confidence::Proved } else { Confidence::Consistent };
    Some(
        Verdict::of(Fault::DeadPeer, confidence, case)
            .because(seen)
            .rules_out(&[Fault::ReadSilence, Fault::PeerCrash], seen.unwrap_or(case.failed()))
            .without_seeing([Unseen::RemoteHost]),
    )
}

/// The datagram left, nothing came back, and no ICMP error either. Silence proves nothing more.
pub(super) fn udp_silence(case: &Case) -> Option<Verdict> {
    waited(case, Protocol::Udp, Op::Receive)?;
    let sent = case.sent()?;
    let verdict = |confidence| Verdict::of(Fault::UdpSilence, confidence, case).because([sent]);
    match case.icmp() {
        Some(([], queue)) => Some(
            verdict(Confidence::Proved)
                .because([queue])
                .because(case.during().map(|reading| reading.cite))
                .rules_out(&[Fault::UdpPortUnreachable], queue),
        ),
        Some(_) => None,
        None => Some(verdict(Confidence::Consistent)),
    }
}

/// The peer of the call, when it is this call on this protocol and ended by time-out.
fn waited(case: &Case, protocol: Protocol, op: Op) -> Option<SocketAddr> {
    case.address(protocol)
        .filter(|_| case.failure.call.op == op && case.failure.is_timeout() && !case.is_nonblocking())
}

/// Whether the server's kernel has what the client's kernel was told has arrived.
fn has_received(server: &SocketRow, client: TcpInfo) -> bool {
    server.tcp.is_some_and(|tcp| tcp.bytes_received >= client.bytes_acknowledged)
}

/// A client that waits on a connection, with both ends of it where both are on this host.
struct Wait<'a> {
    target: SocketAddr,
    reading: Reading<'a>,
    client: &'a SocketRow,
    server: Option<&'a SocketRow>,
}

impl<'a> Wait<'a> {
    fn of(case: &Case<'a>, op: Op) -> Option<Self> {
        // When the kernel gives a connection up, the other end was not there to be waited for.
        let target = waited(case, Protocol::Tcp, op).filter(|_| !case.failure.is("ETIMEDOUT"))?;
        let local = case.failure.call.local?;
        let reading = case.during()?;
        let end = |local, peer| {
            reading.rows.iter().find(|row| row.state == SocketState::Established && row.connects(local, peer))
        };
        let server = end(target, local);
        if server.is_none() && case.is_here() {
            return None;
        }
        Some(Self { target, reading, client: end(local, target)?, server })
    }
}
