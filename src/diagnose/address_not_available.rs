//! EADDRNOTAVAIL and EACCES from `bind` and `connect`: an address or a port that this host does not give out.

use super::case::{Case, Reading};
use super::rows::canonical;
use crate::failure::{Op, Protocol};
use crate::fault::Fault;
use crate::trace::{Confidence, Fact, Route, Verdict};
use std::collections::HashSet;

/// No interface of this host has the address.
pub(super) fn not_local(case: &Case) -> Option<Verdict> {
    if case.failure.call.op != Op::Bind || !case.failure.is("EADDRNOTAVAIL") {
        return None;
    }
    let (route, cite) = case.route()?;
    match route {
        Route::Local | Route::Shared => None,
        Route::Unicast { .. } | Route::None { .. } => Some(
            Verdict::of(Fault::NotLocal, Confidence::Proved, case)
                .because([cite])
                .because(
                    case.fact(|fact| matches!(fact, Fact::Addresses(_)).then_some(())).map(|((), cite)| cite),
                )
                .rules_out(&[Fault::EphemeralExhausted], cite),
        ),
    }
}

/// Every port that the kernel may choose is taken already: by connections to the same destination, or, where any
/// port was asked for, at all.
pub(super) fn ephemeral_exhausted(case: &Case) -> Option<Verdict> {
    let call = &case.failure.call;
    let (range, cite) = case.fact(|fact| match fact {
        Fact::PortRange(range) => Some(range),
        _ => None,
    })?;
    let any_port = call.local.is_some_and(|local| local.port() == 0);
    if call.op == Op::Bind && case.failure.is("EADDRINUSE") && any_port {
        return Some(Verdict::of(Fault::EphemeralExhausted, Confidence::Proved, case).because([cite]));
    }
    let target = case.address(Protocol::Tcp)?;
    if call.op != Op::Connect || !case.failure.is("EADDRNOTAVAIL") {
        return None;
    }
    let (readings, confidence) = case.around()?;
    let used_up = |reading: &Reading| {
        let there = reading.rows.iter().filter(|row| canonical(row.peer) == canonical(target));
        let used: HashSet<u16> = there.map(|row| row.local.port()).collect();
        range.ports().all(|port| used.contains(&port))
    };
    if !readings.iter().all(used_up) {
        return None;
    }
    let last = readings[readings.len() - 1].cite;
    Some(
        Verdict::of(Fault::EphemeralExhausted, confidence, case)
            .because([cite])
            .because(readings.iter().map(|reading| reading.cite))
            .rules_out(&[Fault::NotLocal, Fault::NoListener], last),
    )
}

/// A port below the limit, asked for by a thread without the privilege.
pub(super) fn privileged_port(case: &Case) -> Option<Verdict> {
    if case.failure.call.op != Op::Bind || !case.failure.is("EACCES") {
        return None;
    }
    let asked = case.failure.call.local?;
    let (from, limit) = case.fact(|fact| match fact {
        Fact::UnprivilegedPorts { from } => Some(*from),
        _ => None,
    })?;
    let privilege = case.fact(|fact| match fact {
        Fact::Capability { effective, .. } => Some(*effective),
        _ => None,
    });
    if asked.port() >= from || privilege.is_some_and(|(effective, _)| effective) {
        return None;
    }
    let confidence = if privilege.is_some() { Confidence::Proved } else { Confidence::Consistent };
    Some(
        Verdict::of(Fault::PrivilegedPort, confidence, case)
            .because([limit])
            .because(privilege.map(|(_, cite)| cite))
            .rules_out(&[Fault::NotLocal, Fault::LiveListener], limit),
    )
}
