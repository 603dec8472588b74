//! EADDRINUSE from `bind` or `listen`: whose row of the socket table wants the same address.

use super::case::{Case, Reading, canonical, ever, throughout};
use crate::failure::Protocol;
use crate::fault::Fault;
use crate::trace::{Because, Confidence, SocketRow, SocketState, Verdict};
use std::net::SocketAddr;

/// A listener on exactly this address and port.
pub(super) fn live_listener(case: &Case) -> Option<Verdict> {
    let clash = Clash::of(case, Protocol::Tcp)?;
    let same =
        |row: &SocketRow| row.state == SocketState::Listen && canonical(row.local) == canonical(clash.asked);
    clash.held_by(case, Fault::LiveListener, same, &[Fault::TimeWait, Fault::WildcardOverlap])
}

/// Nothing but remains of closed connections, which no process holds.
pub(super) fn time_wait(case: &Case) -> Option<Verdict> {
    let clash = Clash::of(case, Protocol::Tcp)?;
    let overlaps = |row: &SocketRow| row.overlaps(clash.asked);
    let rows = throughout(&clash.readings, |row| {
        overlaps(row) && row.state == SocketState::TimeWait && !row.is_held()
    });
    if rows.is_empty() || ever(&clash.readings, |row| overlaps(row) && row.state != SocketState::TimeWait) {
        return None;
    }
    Some(
        Verdict::of(Fault::TimeWait, clash.confidence, case)
            .because(clash.cites())
            .rules_out(&[Fault::LiveListener, Fault::WildcardOverlap], clash.last()),
    )
}

/// One side is a wildcard, and the other's address is one that it stands for.
pub(super) fn wildcard_overlap(case: &Case) -> Option<Verdict> {
    let protocol = case.failure.call.protocol;
    let clash = Clash::of(case, protocol)?;
    if ever(&clash.readings, |row| row.is_held() && canonical(row.local) == canonical(clash.asked)) {
        return None;
    }
    let overlaps = |row: &SocketRow| {
        row.is_held()
            && row.overlaps(clash.asked)
            && matches!(
                row.state,
                SocketState::Listen | SocketState::BoundInactive | SocketState::Unconnected
            )
    };
    let same_address = if protocol == Protocol::Tcp { Fault::LiveListener } else { Fault::Udp };
    clash.held_by(case, Fault::WildcardOverlap, overlaps, &[same_address])
}

/// Two UDP sockets on exactly one address and port.
pub(super) fn udp(case: &Case) -> Option<Verdict> {
    let clash = Clash::of(case, Protocol::Udp)?;
    let same = |row: &SocketRow| row.is_held() && canonical(row.local) == canonical(clash.asked);
    let verdict = clash.held_by(case, Fault::Udp, same, &[Fault::WildcardOverlap])?;
    Some(verdict.because(case.free_elsewhere()))
}

/// An address that was asked for and refused, with the socket table around that moment.
struct Clash<'a> {
    asked: SocketAddr,
    readings: Vec<Reading<'a>>,
    confidence: Confidence,
}

impl<'a> Clash<'a> {
    fn of(case: &Case<'a>, protocol: Protocol) -> Option<Self> {
        let asked = case.address(protocol).filter(|_| case.failure.is("EADDRINUSE"))?;
        let (readings, confidence) = case.around()?;
        Some(Self { asked, readings, confidence })
    }

    /// The verdict when a process holds a row for which `wanted` holds.
    fn held_by(
        &self,
        case: &Case,
        fault: Fault,
        wanted: impl Fn(&SocketRow) -> bool,
        others: &[Fault],
    ) -> Option<Verdict> {
        let rows = throughout(&self.readings, wanted);
        if rows.is_empty() {
            return None;
        }
        let (holder, unseen) = case.holder(&rows);
        Some(
            Verdict::of(fault, self.confidence, case)
                .because(self.cites())
                .because(holder)
                .rules_out(others, self.last())
                .without_seeing(unseen),
        )
    }

    fn cites(&self) -> impl Iterator<Item = Because> {
        self.readings.iter().map(|reading| reading.cite)
    }

    fn last(&self) -> Because {
        self.readings[self.readings.len() - 1].cite
    }
}
