//! Pure rules: events and evidence in, a verdict out. One rule a fault; none opens a socket, reads the clock or
//! knows which fault was asked for.
//!
//! The promise is that `proved` is never wrong. So a rule that needs a state of the system asks that it was read
//! both before the call began and after it failed, or while the call was still waiting: a single look could
//! have missed what was there at the moment of failure, and gives `consistent` at most.

mod address_in_use;
mod case;
mod connection_refused;
mod timeout;

use crate::failure::Failure;
use crate::fault::Fault;
use crate::trace::{Confidence, Event, Evidence, Fact, Unseen, Verdict};
use case::Case;

/// Tells why the call that ended in `failure`, one of `events`, failed. When no rule fits, or two fit equally
/// well, the verdict is `unknown`.
pub fn judge(failure: &Failure, events: &[Event], evidence: &[Evidence]) -> Verdict {
    let Some(case) = Case::new(failure, events, evidence) else {
        return Verdict::unknown(Vec::new());
    };
    let fitting: Vec<Verdict> = Fault::ALL.iter().filter_map(|fault| rule(*fault)(&case)).collect();
    let best = fitting.iter().map(|verdict| verdict.confidence).max();
    let mut best = fitting.into_iter().filter(|verdict| Some(verdict.confidence) == best);
    match (best.next(), best.next()) {
        (Some(verdict), None) => verdict,
        _ => Verdict::unknown(unseen_by_all(evidence)),
    }
}

/// The rule of each fault.
fn rule(fault: Fault) -> fn(&Case) -> Option<Verdict> {
    match fault {
        Fault::BacklogFull => timeout::backlog_full,
        Fault::ReadSilence => timeout::read_silence,
        Fault::UdpSilence => timeout::udp_silence,
        Fault::StuckAccept => timeout::stuck_accept,
        Fault::NoListener => connection_refused::no_listener,
        Fault::WrongFamily => connection_refused::wrong_family,
        Fault::NotYetListening => connection_refused::not_yet_listening,
        Fault::UdpPortUnreachable => connection_refused::udp_port_unreachable,
        Fault::LiveListener => address_in_use::live_listener,
        Fault::TimeWait => address_in_use::time_wait,
        Fault::WildcardOverlap => address_in_use::wildcard_overlap,
        Fault::Udp => address_in_use::udp,
    }
}

fn unseen_by_all(evidence: &[Evidence]) -> Vec<Unseen> {
    let table = evidence.iter().any(|one| matches!(one.fact, Fact::Sockets { .. }));
    if table { Vec::new() } else { vec![Unseen::SocketTable] }
}

impl Verdict {
    /// A verdict for `fault`; the failed call is what it starts from.
    fn of(fault: Fault, confidence: Confidence, case: &Case) -> Self {
        Self {
            fault: Some(fault),
            confidence,
            because: vec![case.failed()],
            ruled_out: Vec::new(),
            unseen: Vec::new(),
        }
    }
}
