//! ENETUNREACH, EHOSTUNREACH and EACCES on the way to an address: the kernel's own routes, or somebody on the way.

use super::case::Case;
use crate::failure::Op;
use crate::fault::Fault;
use crate::trace::{Because, Confidence, IcmpError, Route, Unseen, Verdict};

/// This host, or a router, knows no way there.
pub(super) fn no_route(case: &Case) -> Option<Verdict> {
    let lost = Lost::of(case)?;
    match lost {
        Lost::Here(errno, cite)
            if matches!(errno, "ENETUNREACH" | "EHOSTUNREACH") && case.failure.is(errno) =>
        {
            Some(verdict(
                case,
                Fault::NoRoute,
                Confidence::Proved,
                cite,
                &[Fault::HostDown, Fault::Prohibited],
            ))
        }
        // RFC 792: network unreachable, or unknown; RFC 4443: no route to destination.
        Lost::OnTheWay(error, cite) if is(error, &[(3, 0), (3, 6)], &[(1, 0)]) => {
            Some(verdict(case, Fault::NoRoute, Confidence::Proved, cite, &[Fault::Prohibited]))
        }
        _ => None,
    }
}

/// The last router, or this host, got no answer to the question who has the address.
pub(super) fn host_down(case: &Case) -> Option<Verdict> {
    if !case.failure.is("EHOSTUNREACH") {
        return None;
    }
    match Lost::of(case)? {
        // RFC 792: host unreachable; RFC 4443: address unreachable.
        Lost::OnTheWay(error, cite) if is(error, &[(3, 1), (3, 7)], &[(1, 3)]) => Some(verdict(
            case,
            Fault::HostDown,
            Confidence::Proved,
            cite,
            &[Fault::Prohibited, Fault::NoRoute],
        )),
        Lost::Neighbour(cite) => Some(
            verdict(case, Fault::HostDown, Confidence::Consistent, cite, &[Fault::NoRoute])
                .without_seeing([Unseen::RemoteHost]),
        ),
        _ => None,
    }
}

/// A policy forbids it: of this host's routes, or of a firewall on the way.
pub(super) fn prohibited(case: &Case) -> Option<Verdict> {
    match Lost::of(case)? {
        Lost::Here("EACCES", cite) if case.failure.is("EACCES") => {
            Some(verdict(case, Fault::Prohibited, Confidence::Proved, cite, &[Fault::NoRoute]))
        }
        // RFC 1812 §5.2.7.1: prohibited; RFC 4443: communication prohibited, failed policy, reject route.
        Lost::OnTheWay(error, cite) if is(error, &[(3, 9), (3, 10), (3, 13)], &[(1, 1), (1, 5), (1, 6)]) => {
            Some(verdict(
                case,
                Fault::Prohibited,
                Confidence::Proved,
                cite,
                &[Fault::NoRoute, Fault::HostDown],
            ))
        }
        _ => None,
    }
}

/// Where a packet was lost.
#[derive(Clone, Copy)]
enum Lost<'a> {
    /// This host's routes say so, with this errno.
    Here(&'a str, Because),
    /// Somebody said so by ICMP.
    OnTheWay(&'a IcmpError, Because),
    /// There is a way, nobody said anything, and the destination is on a network of this host.
    Neighbour(Because),
}

impl<'a> Lost<'a> {
    fn of(case: &Case<'a>) -> Option<Self> {
        if !matches!(case.failure.call.op, Op::Connect | Op::Send | Op::Receive) {
            return None;
        }
        if let Some(([.., error], queue)) = case.icmp() {
            // One that another attempt met later does not explain this errno.
            let is_it = case.failure.errno().is_some_and(|errno| errno.code == error.code_on_socket);
            return (is_it || case.failure.is_timeout()).then_some(Self::OnTheWay(error, queue));
        }
        match case.route()? {
            (Route::None { errno }, cite) => Some(Self::Here(errno, cite)),
            (Route::Unicast { gateway: None, .. }, cite) => Some(Self::Neighbour(cite)),
            _ => None,
        }
    }
}

fn is(error: &IcmpError, v4: &[(u8, u8)], v6: &[(u8, u8)]) -> bool {
    let numbers = if error.offender.is_some_and(|offender| offender.is_ipv6()) { v6 } else { v4 };
    numbers.contains(&(error.kind, error.code))
}

fn verdict(case: &Case, fault: Fault, confidence: Confidence, cite: Because, others: &[Fault]) -> Verdict {
    Verdict::of(fault, confidence, case).because([cite]).rules_out(others, cite)
}
