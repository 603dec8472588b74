//! EADDRINUSE from `bind` or `listen`: whose row of the socket table wants the same address.

use super::case::{Case, Reading};
use super::rows::{canonical, ever, overlap, throughout};
use crate::failure::{Op, Protocol};
use crate::fault::Fault;
use crate::trace::{Because, Confidence, Fact, SocketRow, SocketState, Unseen, Verdict};
use std::net::SocketAddr;

/// A listener on exactly this address and port.
pub(super) fn live_listener(case: &Case) -> Option<Verdict> {
    let clash = Clash::of(case, Protocol::Tcp)?;
    let same = |row: &SocketRow| row.state == SocketState::Listen && clash.is_same(row);
    if clash.shares(case, same).is_some() {
        return None;
    }
    clash.held_by(case, Fault::LiveListener, same, &[Fault::TimeWait, Fault::WildcardOverlap])
}

/// Nothing but remains of closed connections, which no process holds.
pub(super) fn time_wait(case: &Case) -> Option<Verdict> {
    let clash = Clash::of(case, Protocol::Tcp)?;
    let overlaps = |row: &SocketRow| row.overlaps(clash.asked);
    let rows = throughout(&clash.readings, |row| overlaps(row) && row.is_remains());
    if rows.is_empty() || ever(&clash.readings, |row| overlaps(row) && !row.is_remains()) {
        return None;
    }
    // A kernel that hides bound sockets may hide the one that is really in the way.
    let complete = case.fact(|fact| match fact {
        Fact::BoundSockets { shown: true } => Some(()),
        _ => None,
    });
    let confidence = if complete.is_some() { clash.confidence } else { Confidence::Consistent };
    Some(
        Verdict::of(Fault::TimeWait, confidence, case)
            .because(clash.cites())
            .because(complete.map(|((), cite)| cite))
            .because(clash.binds_with(case, "SO_REUSEADDR").map(|(_, cite)| cite))
            .rules_out(&[Fault::LiveListener, Fault::WildcardOverlap], clash.last()),
    )
}

/// One side is a wildcard, and the other's address is one that it stands for.
pub(super) fn wildcard_overlap(case: &Case) -> Option<Verdict> {
    let protocol = case.failure.call.protocol;
    let clash = Clash::of(case, protocol)?;
    if ever(&clash.readings, |row| row.is_held() && clash.is_same(row)) {
        return None;
    }
    let overlaps = |row: &SocketRow| row.is_held() && row.overlaps(clash.asked) && row.is_open();
    let same_address = if protocol == Protocol::Tcp { Fault::LiveListener } else { Fault::Udp };
    clash.held_by(case, Fault::WildcardOverlap, overlaps, &[same_address])
}

/// A socket that has exactly this address, and neither listens nor is connected.
pub(super) fn bound_not_listening(case: &Case) -> Option<Verdict> {
    let clash = Clash::of(case, Protocol::Tcp).filter(|_| case.failure.call.op == Op::Bind)?;
    let bound = |row: &SocketRow| row.state == SocketState::BoundInactive && clash.is_same(row);
    if ever(&clash.readings, |row| row.state == SocketState::Listen && clash.is_same(row))
        || clash.shares(case, bound).is_some()
    {
        return None;
    }
    clash.held_by(case, Fault::BoundNotListening, bound, &[Fault::LiveListener, Fault::TimeWait])
}

/// The port is that of a connection which a process holds; nothing waits for clients on it.
pub(super) fn outgoing_connection(case: &Case) -> Option<Verdict> {
    let clash = Clash::of(case, Protocol::Tcp)?;
    if ever(&clash.readings, |row| row.is_open() && row.overlaps(clash.asked)) {
        return None;
    }
    let connection = |row: &SocketRow| row.is_held() && !row.is_open() && row.overlaps(clash.asked);
    clash.held_by(case, Fault::OutgoingConnection, connection, &[Fault::LiveListener, Fault::TimeWait])
}

/// One of the two wants to share the port, and the other does not, or may not.
pub(super) fn reuseport_mismatch(case: &Case) -> Option<Verdict> {
    let clash = Clash::of(case, case.failure.call.protocol)?;
    let same = |row: &SocketRow| row.is_held() && row.is_open() && clash.is_same(row);
    let shares = clash.shares(case, same)?;
    let others = &[Fault::LiveListener, Fault::Udp, Fault::BoundNotListening];
    Some(clash.held_by(case, Fault::ReuseportMismatch, same, others)?.because([shares]))
}

/// Two UDP sockets on exactly one address and port.
pub(super) fn udp(case: &Case) -> Option<Verdict> {
    let clash = Clash::of(case, Protocol::Udp)?;
    let same = |row: &SocketRow| row.is_held() && clash.is_same(row);
    if clash.shares(case, same).is_some() {
        return None;
    }
    let verdict = clash.held_by(case, Fault::Udp, same, &[Fault::WildcardOverlap])?;
    Some(verdict.because(case.free_elsewhere()))
}

/// Where no socket table is to be had: a process that the platform lists with an address that is, or overlaps, the
/// one that was asked for.
pub(super) fn listed(case: &Case) -> Option<Verdict> {
    let asked = case.address(case.failure.call.protocol).filter(|_| case.failure.is("EADDRINUSE"))?;
    if case.readings().next().is_some() {
        return None;
    }
    let held = |wanted: &dyn Fn(SocketAddr) -> bool| {
        case.fact(|fact| match fact {
            Fact::Listed { protocol, local, .. }
                if *protocol == case.failure.call.protocol && wanted(*local) =>
            {
                Some(())
            }
            _ => None,
        })
    };
    let same_address =
        if case.failure.call.protocol == Protocol::Tcp { Fault::LiveListener } else { Fault::Udp };
    let same = held(&|local| canonical(local) == canonical(asked)).map(|((), cite)| (same_address, cite));
    let overlap = || held(&|local| overlap(local, asked)).map(|((), cite)| (Fault::WildcardOverlap, cite));
    let (fault, cite) = same.or_else(overlap)?;
    Some(
        Verdict::of(fault, Confidence::Consistent, case)
            .because([cite])
            .rules_out(&[Fault::TimeWait], cite)
            .without_seeing([Unseen::SocketTable]),
    )
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

    fn is_same(&self, row: &SocketRow) -> bool {
        canonical(row.local) == canonical(self.asked)
    }

    /// What shows that one side has `SO_REUSEPORT`: had both, and were they the same user's, bind(2) would have
    /// succeeded.
    fn shares(&self, case: &Case<'a>, holds: impl Fn(&SocketRow) -> bool) -> Option<Because> {
        let asker = case.own_socket().filter(|(socket, _)| socket.reuse_port).map(|(_, cite)| cite);
        let holder = || self.sharing(case, &throughout(&self.readings, holds)).filter(|(shares, _)| *shares);
        asker.or_else(|| holder().map(|(_, cite)| cite))
    }

    /// Whether who holds one of `rows` has `SO_REUSEPORT`, where that is known: from the socket, or because another
    /// one with the option was tried beside it. That tells of sockets of the same user only, whose process is seen.
    fn sharing(&self, case: &Case<'a>, rows: &[&SocketRow]) -> Option<(bool, Because)> {
        let read =
            rows.iter().find_map(|row| case.options(row)).map(|(options, cite)| (options.reuse_port, cite));
        let tried = || self.binds_with(case, "SO_REUSEPORT");
        let seen = || case.holder(rows).1.is_empty();
        read.or_else(|| tried().filter(|(shares, _)| *shares || seen()))
    }

    /// Whether another socket with this option could have the address, where that was tried.
    fn binds_with(&self, case: &Case<'a>, wanted: &str) -> Option<(bool, Because)> {
        case.fact(|fact| match fact {
            Fact::BindsWith { option, address, works } if option == wanted && *address == self.asked => {
                Some(*works)
            }
            _ => None,
        })
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
        let sharing = self.sharing(case, &rows);
        let hidden = sharing.is_none().then_some(Unseen::HolderOptions);
        // On exactly one address either may be the cause: that it is held, or that it is not shared.
        let may_be_shared = sharing.is_none() && rows.iter().any(|row| row.is_open() && self.is_same(row));
        let confidence = if may_be_shared { Confidence::Consistent } else { self.confidence };
        Some(
            Verdict::of(fault, confidence, case)
                .because(self.cites())
                .because(holder)
                .because(sharing.map(|(_, cite)| cite))
                .rules_out(others, self.last())
                .without_seeing(unseen)
                .without_seeing(hidden),
        )
    }

    fn cites(&self) -> impl Iterator<Item = Because> {
        self.readings.iter().map(|reading| reading.cite)
    }

    fn last(&self) -> Because {
        self.readings[self.readings.len() - 1].cite
    }
}
