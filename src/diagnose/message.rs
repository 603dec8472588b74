//! Messages that did not come as they were sent, and descriptors that were not there for a client.

use super::case::Case;
use crate::failure::{Op, Protocol, Why};
use crate::fault::Fault;
use crate::trace::{Confidence, Fact, Verdict, Waiting};
use std::net::SocketAddr;

/// The payload of the longest datagram: 65,535 bytes less the headers of UDP and, over IPv4, of IP (RFC 768, RFC 791,
/// RFC 8200).
const LONGEST: [usize; 2] = [65_507, 65_527];

/// More bytes in one datagram than a datagram, or the path, takes.
pub(super) fn too_large(case: &Case) -> Option<Verdict> {
    let target = case.address(Protocol::Udp)?;
    // What a router says of one datagram is heard in the next call, whichever that is.
    if !matches!(case.failure.call.op, Op::Send | Op::Receive) || !case.failure.is("EMSGSIZE") {
        return None;
    }
    let beyond = case.failure.call.asked.is_some_and(|asked| asked > LONGEST[usize::from(target.is_ipv6())]);
    // RFC 792, RFC 1191: fragmentation needed; RFC 4443: packet too big.
    let told = case
        .icmp()
        .filter(|(errors, _)| errors.iter().any(|error| matches!((error.kind, error.code), (3, 4) | (2, 0))));
    let confidence = if beyond || told.is_some() { Confidence::Proved } else { Confidence::Consistent };
    let failed = case.failed();
    Some(
        Verdict::of(Fault::TooLarge, confidence, case)
            .because(told.map(|(_, queue)| queue))
            .because(case.own_socket().map(|(_, cite)| cite))
            .rules_out(&[Fault::TruncatedDatagram], failed),
    )
}

/// A datagram was longer than what its reader asked for; the rest of it is lost.
pub(super) fn truncated_datagram(case: &Case) -> Option<Verdict> {
    let part = Part::of(case, Protocol::Udp)?;
    let (waiting, looked) = part.waiting(case)?;
    // The datagram as it lay in the queue was whole, and the reader took less.
    if waiting.bytes != part.wanted {
        return None;
    }
    let (_, sent) = case.moved(Op::Send, |call| {
        call.protocol == Protocol::Udp && call.peer == Some(part.local) && call.asked == Some(part.wanted)
    })?;
    Some(
        Verdict::of(Fault::TruncatedDatagram, Confidence::Proved, case)
            .because([sent, looked])
            .rules_out(&[Fault::PartialRead, Fault::TooLarge], looked),
    )
}

/// One call gave a part of a message; the rest of the stream was sent too and is still to be read.
pub(super) fn partial_read(case: &Case) -> Option<Verdict> {
    let part = Part::of(case, Protocol::Tcp)?;
    let peer = case.failure.call.peer?;
    let sender = |call: &_| connects(call, peer, part.local);
    let (sent, last) = case.moved(Op::Send, sender)?;
    let after = case.after()?;
    let left = after.rows.iter().find(|row| row.is_held() && row.connects(part.local, peer))?;
    let rest = usize::try_from(left.recv_queue).ok()?;
    if sent < part.wanted || part.got + rest < part.wanted {
        return None;
    }
    Some(
        Verdict::of(Fault::PartialRead, Confidence::Proved, case)
            .because([last, after.cite])
            .rules_out(&[Fault::TruncatedDatagram, Fault::ShortBody], after.cite),
    )
}

/// What came are bytes that no text in UTF-8 has.
pub(super) fn not_utf8(case: &Case) -> Option<Verdict> {
    if case.failure.why != Why::NotUtf8 {
        return None;
    }
    let looked = case.fact(|fact| match fact {
        Fact::Waiting(waiting) if waiting.not_utf8_at.is_some() => Some(()),
        _ => None,
    });
    let confidence = if looked.is_some() { Confidence::Proved } else { Confidence::Consistent };
    let cite = looked.map(|((), cite)| cite);
    Some(
        Verdict::of(Fault::NotUtf8, confidence, case)
            .because(cite)
            .rules_out(&[Fault::PartialRead], cite.unwrap_or(case.failed())),
    )
}

/// The process has as many descriptors open as it may have.
pub(super) fn too_many_open_files(case: &Case) -> Option<Verdict> {
    if case.failure.call.op != Op::Accept || !case.failure.is("EMFILE") {
        return None;
    }
    let full = case.fact(|fact| match fact {
        Fact::Descriptors(descriptors) if descriptors.open >= descriptors.limit => Some(()),
        _ => None,
    });
    let waits = case.after().filter(|reading| {
        reading.rows.iter().any(|row| Some(row.local) == case.failure.call.local && row.recv_queue > 0)
    });
    let confidence = if full.is_some() { Confidence::Proved } else { Confidence::Consistent };
    let cite = full.map(|((), cite)| cite);
    Some(
        Verdict::of(Fault::AcceptWithoutDescriptor, confidence, case)
            .because(cite)
            .because(waits.map(|reading| reading.cite))
            .rules_out(&[Fault::BacklogFull], cite.unwrap_or(case.failed())),
    )
}

/// A receiving call that gave less than the message.
struct Part {
    local: SocketAddr,
    got: usize,
    wanted: usize,
}

impl Part {
    fn of(case: &Case, protocol: Protocol) -> Option<Self> {
        let call = &case.failure.call;
        match case.failure.why {
            Why::Partial { got, wanted } if call.op == Op::Receive && call.protocol == protocol => {
                Some(Self { local: call.local?, got, wanted })
            }
            _ => None,
        }
    }

    fn waiting<'a>(&self, case: &Case<'a>) -> Option<(&'a Waiting, crate::trace::Because)> {
        case.fact(|fact| match fact {
            Fact::Waiting(waiting) if waiting.local == self.local => Some(waiting),
            _ => None,
        })
    }
}

/// Whether a call went from `local` to `peer`.
fn connects(call: &crate::failure::Call, local: SocketAddr, peer: SocketAddr) -> bool {
    call.local == Some(local) && call.peer == Some(peer)
}
