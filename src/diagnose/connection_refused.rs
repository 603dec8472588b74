//! ECONNREFUSED: the other end's kernel, or something on the way, answered "no". What listens on this host is
//! evidence only for targets that are this host.

use super::case::{Case, Reading};
use super::rows::ever;
use crate::failure::{Failure, Op, Protocol};
use crate::fault::Fault;
use crate::trace::{Because, Confidence, IcmpError, SocketRow, SocketState, Unseen, Verdict};
use std::net::SocketAddr;

/// Nothing listens on the port, in either family, and nothing came up later. A socket that only has the port bound
/// refuses as well. Of another host only the refusal is known.
pub(super) fn no_listener(case: &Case) -> Option<Verdict> {
    if let Some(verdict) = refused_elsewhere(case) {
        return Some(verdict);
    }
    let refusal = Refusal::of(case)?;
    let waits =
        |row: &SocketRow| row.local.port() == refusal.target.port() && row.state == SocketState::Listen;
    let later: Vec<Reading> = case.later().collect();
    if ever(&refusal.readings, waits) || ever(&later, waits) {
        return None;
    }
    Some(
        refusal
            .verdict(case, Fault::NoListener)
            .rules_out(&[Fault::WrongFamily, Fault::NotYetListening], refusal.last()),
    )
}

/// A RST from another host, or from a firewall before it; or from this one, whose socket table is not to be had.
fn refused_elsewhere(case: &Case) -> Option<Verdict> {
    case.address(Protocol::Tcp)?;
    let refused = case.failure.is("ECONNREFUSED") && case.failure.call.op == Op::Connect;
    let table = case.is_here() && case.readings().next().is_some();
    if !refused || table || case.icmp().is_some_and(|(errors, _)| !errors.is_empty()) {
        return None;
    }
    let queue = case.icmp().map(|(_, queue)| queue);
    Some(
        Verdict::of(Fault::NoListener, Confidence::Consistent, case)
            .because(queue)
            .rules_out(&[Fault::ConnectBlackhole], queue.unwrap_or(case.failed()))
            .without_seeing([if case.is_here() { Unseen::SocketTable } else { Unseen::RemoteHost }]),
    )
}

/// Listeners on the port stand in the other IP family only.
pub(super) fn wrong_family(case: &Case) -> Option<Verdict> {
    let refusal = Refusal::of(case)?;
    let listens = |row: &SocketRow| row.listens_on(refusal.target.port());
    let other_family = |row: &SocketRow| {
        listens(row) && row.local.is_ipv4() != refusal.target.is_ipv4() && !row.receives_for(refusal.target)
    };
    let in_every = refusal.readings.iter().all(|reading| reading.rows.iter().any(other_family));
    if !in_every || ever(&refusal.readings, |row| listens(row) && !other_family(row)) {
        return None;
    }
    Some(
        refusal
            .verdict(case, Fault::WrongFamily)
            .rules_out(&[Fault::NoListener, Fault::NotYetListening], refusal.last()),
    )
}

/// Listeners on the port stand on other addresses of this host only.
pub(super) fn wrong_interface(case: &Case) -> Option<Verdict> {
    let refusal = Refusal::of(case)?;
    let listens = |row: &SocketRow| row.listens_on(refusal.target.port());
    let elsewhere = |row: &SocketRow| {
        listens(row) && row.local.is_ipv4() == refusal.target.is_ipv4() && !row.receives_for(refusal.target)
    };
    let in_every = refusal.readings.iter().all(|reading| reading.rows.iter().any(elsewhere));
    if !in_every || ever(&refusal.readings, |row| listens(row) && row.receives_for(refusal.target)) {
        return None;
    }
    Some(
        refusal
            .verdict(case, Fault::WrongInterface)
            .rules_out(&[Fault::NoListener, Fault::WrongFamily], refusal.last()),
    )
}

/// An ICMP error came instead of a RST, which no kernel sends for a TCP port by itself; or a RST came although a
/// listener stands there.
pub(super) fn firewall_reject(case: &Case) -> Option<Verdict> {
    let target = case.address(Protocol::Tcp)?;
    if !case.failure.is("ECONNREFUSED") || case.failure.call.op != Op::Connect {
        return None;
    }
    let verdict = |confidence| Verdict::of(Fault::FirewallReject, confidence, case);
    if let Some(answered) = case.answered_on_the_way() {
        return Some(
            verdict(Confidence::Proved).because([answered]).rules_out(&[Fault::NoListener], answered),
        );
    }
    if let Some((errors, queue)) = case.icmp().filter(|(errors, _)| !errors.is_empty()) {
        let refuses = |error: &IcmpError| Failure::code_is(error.code_on_socket, "ECONNREFUSED");
        return errors
            .iter()
            .any(refuses)
            .then(|| verdict(Confidence::Proved).because([queue]).rules_out(&[Fault::NoListener], queue));
    }
    let (readings, _) = case.around().filter(|_| case.is_here())?;
    let stands = |reading: &Reading| {
        reading.rows.iter().any(|row| row.listens_on(target.port()) && row.receives_for(target))
    };
    let no_reset = case.counted("OutRsts").filter(|(times, _)| *times == 0).map(|(_, cite)| cite);
    (no_reset.is_some() || readings.iter().all(stands)).then(|| {
        let last = readings[readings.len() - 1].cite;
        verdict(Confidence::Consistent)
            .because([last])
            .because(no_reset)
            .rules_out(&[Fault::NoListener], last)
            .without_seeing([Unseen::PacketFilter])
    })
}

/// Nothing listened when the call failed; later a listener for the same address did.
pub(super) fn not_yet_listening(case: &Case) -> Option<Verdict> {
    let refusal = Refusal::of(case)?;
    let listens = |row: &SocketRow| row.listens_on(refusal.target.port());
    if ever(&refusal.readings, listens) {
        return None;
    }
    let up = case
        .later()
        .find(|reading| reading.rows.iter().any(|row| listens(row) && row.receives_for(refusal.target)))?;
    Some(
        refusal
            .verdict(case, Fault::NotYetListening)
            .because([up.cite])
            .rules_out(&[Fault::NoListener, Fault::WrongFamily], up.cite),
    )
}

/// ICMP port unreachable from the target itself, where no socket has the port. A socket that is not connected
/// never hears of it: its silence is judged here too when another socket saw the ICMP error.
pub(super) fn udp_port_unreachable(case: &Case) -> Option<Verdict> {
    let target = case.address(Protocol::Udp)?;
    if !matches!(case.failure.call.op, Op::Send | Op::Receive) {
        return None;
    }
    if !case.failure.is("ECONNREFUSED") && !case.failure.is_timeout() {
        return None;
    }
    let (errors, queue) = case.icmp()?;
    if !errors.iter().any(|error| is_port_unreachable(error, target)) {
        return None;
    }
    let (readings, confidence) = case.around()?;
    if !target.ip().is_loopback() {
        return Some(
            Verdict::of(Fault::UdpPortUnreachable, Confidence::Consistent, case)
                .because([queue])
                .without_seeing([Unseen::RemoteHost]),
        );
    }
    if ever(&readings, |row| row.receives_for(target)) {
        return None;
    }
    Some(
        Verdict::of(Fault::UdpPortUnreachable, confidence, case)
            .because([queue])
            .because(readings.iter().map(|reading| reading.cite))
            .rules_out(&[Fault::UdpSilence], queue)
            .without_seeing([Unseen::PacketFilter]),
    )
}

/// A TCP connection to this host that was refused by a RST: no ICMP error came.
struct Refusal<'a> {
    target: SocketAddr,
    readings: Vec<Reading<'a>>,
    confidence: Confidence,
    queue: Option<Because>,
}

impl<'a> Refusal<'a> {
    fn of(case: &Case<'a>) -> Option<Self> {
        let target = case.address(Protocol::Tcp)?;
        let refused = case.failure.is("ECONNREFUSED") && case.failure.call.op == Op::Connect;
        if !refused || !case.is_here() {
            return None;
        }
        // This kernel sent no RST: somebody in front of it did.
        if case.counted("OutRsts").is_some_and(|(times, _)| times == 0) {
            return None;
        }
        let (readings, seen) = case.around()?;
        let (confidence, queue) = match case.icmp() {
            Some(([], queue)) => (seen, Some(queue)),
            Some(_) => return None,
            None => (Confidence::Consistent, None),
        };
        Some(Self { target, readings, confidence, queue })
    }

    fn verdict(&self, case: &Case, fault: Fault) -> Verdict {
        Verdict::of(fault, self.confidence, case)
            .because(self.queue)
            .because(self.readings.iter().map(|reading| reading.cite))
            .without_seeing([Unseen::PacketFilter])
    }

    fn last(&self) -> Because {
        self.readings[self.readings.len() - 1].cite
    }
}

/// RFC 792: type 3 code 3; RFC 4443: type 1 code 4. From elsewhere than the target it is somebody else's "no".
fn is_port_unreachable(error: &IcmpError, target: SocketAddr) -> bool {
    let numbers = if target.is_ipv4() { (3, 3) } else { (1, 4) };
    (error.kind, error.code) == numbers && error.offender == Some(target.ip())
}
