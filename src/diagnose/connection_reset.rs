//! ECONNRESET and EPIPE: why the other end broke the connection off. A RST looks the same whatever its cause, so
//! the cause is proved only where the other end is on this host and was seen before it broke off.

use super::case::{Case, Reading};
use crate::failure::{Op, Protocol};
use crate::fault::Fault;
use crate::trace::{Because, Confidence, SocketRow, SocketState, Verdict};

/// The other program closed while bytes waited unread in its socket.
pub(super) fn unread_data(case: &Case) -> Option<Verdict> {
    let reset = Reset::of(case)?;
    if reset.other.recv_queue == 0 || case.end_of_holder(reset.other).is_some() {
        return None;
    }
    let (options, cite) = case.options(reset.other).unzip();
    let counted = case.counted("TCPAbortOnClose");
    if counted.is_some_and(|(times, _)| times == 0) {
        return None;
    }
    // Closing with unread data resets whatever SO_LINGER says (`__tcp_close`, net/ipv4/tcp.c).
    let lives = case.holder_lives(reset.other);
    let seen =
        options.is_some_and(|options| !options.resets_on_close) && counted.is_some() && lives.is_some();
    Some(
        reset
            .verdict(case, Fault::UnreadData, seen)
            .because(cite)
            .because(counted.map(|(_, cite)| cite))
            .because(lives)
            .rules_out(&[Fault::LingerZero], cite.unwrap_or(reset.reading.cite))
            .rules_out(lives.map_or(&[], |_| &[Fault::PeerCrash]), lives.unwrap_or(reset.reading.cite)),
    )
}

/// The other program told its socket to reset when it is closed, and had read everything.
pub(super) fn linger_zero(case: &Case) -> Option<Verdict> {
    let reset = Reset::of(case)?;
    let (options, cite) = case.options(reset.other)?;
    if !options.resets_on_close || reset.other.recv_queue > 0 || case.end_of_holder(reset.other).is_some() {
        return None;
    }
    let lives = case.holder_lives(reset.other);
    Some(
        reset
            .verdict(case, Fault::LingerZero, lives.is_some())
            .because([cite])
            .because(lives)
            .because(case.counted("TCPAbortOnData").map(|(_, cite)| cite))
            .rules_out(&[Fault::UnreadData], reset.reading.cite),
    )
}

/// The process that held the other end is gone, and did not go by itself.
pub(super) fn peer_crash(case: &Case) -> Option<Verdict> {
    let reset = Reset::of(case)?;
    let (signal, cite) = case.end_of_holder(reset.other)?;
    let (holder, _) = case.holder(&[reset.other]);
    Some(
        reset
            .verdict(case, Fault::PeerCrash, signal.is_some())
            .because(holder)
            .because([cite])
            .rules_out(&[Fault::UnreadData, Fault::LingerZero], cite),
    )
}

/// The other end had closed before this send, or this program had ended its own sending.
pub(super) fn write_after_close(case: &Case) -> Option<Verdict> {
    let target = case.address(Protocol::Tcp)?;
    if case.failure.call.op != Op::Send || !case.failure.is("EPIPE") {
        return None;
    }
    let verdict = |because| {
        Verdict::of(Fault::WriteAfterClose, Confidence::Proved, case)
            .because([because])
            .rules_out(&[Fault::NotConnected, Fault::UnreadData], because)
    };
    if let Some((_, shutdown)) = case.did(Op::Shutdown) {
        return Some(verdict(shutdown));
    }
    let (_, connected) = case.did(Op::Connect)?;
    let local = case.failure.call.local?;
    let closed = case.readings().filter(|reading| reading.at <= case.ended).find(|reading| {
        reading.rows.iter().any(|row| row.state == SocketState::CloseWait && row.connects(local, target))
    })?;
    Some(verdict(closed.cite).because([connected]))
}

/// A connection that was reset, and its other end on this host as it was last seen.
struct Reset<'a> {
    reading: Reading<'a>,
    other: &'a SocketRow,
    gone: Option<Because>,
}

impl<'a> Reset<'a> {
    fn of(case: &Case<'a>) -> Option<Self> {
        let target = case.address(Protocol::Tcp)?;
        let local = case.failure.call.local?;
        if !case.failure.is("ECONNRESET") || !matches!(case.failure.call.op, Op::Receive | Op::Send) {
            return None;
        }
        let end = |reading: &Reading<'a>| {
            reading.rows.iter().find(|row| row.is_held() && row.connects(target, local))
        };
        let reading = case.latest()?;
        let other = end(&reading)?;
        // A RST leaves nothing behind; an end that is still there did not send it.
        let after = case.after();
        if after.as_ref().is_some_and(|after| end(after).is_some()) {
            return None;
        }
        Some(Self { reading, other, gone: after.map(|after| after.cite) })
    }

    fn verdict(&self, case: &Case, fault: Fault, all_seen: bool) -> Verdict {
        let proved = all_seen && self.gone.is_some();
        let confidence = if proved { Confidence::Proved } else { Confidence::Consistent };
        Verdict::of(fault, confidence, case).because([self.reading.cite]).because(self.gone)
    }
}
