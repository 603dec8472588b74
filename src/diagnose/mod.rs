//! Pure rules: events and evidence in, a verdict out. One rule a fault; none opens a socket, reads the clock or
//! knows which fault was asked for.
//!
//! The promise is that `proved` is never wrong. So a rule that needs a state of the system asks that it was read
//! both before the call began and after it failed, or while the call was still waiting: a single look could
//! have missed what was there at the moment of failure, and gives `consistent` at most.

mod address_in_use;
mod address_not_available;
mod bad_response;
mod case;
mod connection_refused;
mod connection_reset;
mod message;
mod misuse;
mod name_resolution;
mod next;
mod packets;
mod rows;
mod timeout;
mod unreachable;

pub use next::{next, next_for_name, next_for_page};

use crate::failure::Failure;
use crate::fault::Fault;
use crate::trace::{Confidence, Event, Evidence, Verdict};
use case::Case;

/// Tells why the call that ended in `failure`, one of `events`, failed. When no rule fits, or two fit equally
/// well, the verdict is `unknown`.
pub fn judge(failure: &Failure, events: &[Event], evidence: &[Evidence]) -> Verdict {
    let Some(case) = Case::new(failure, events, evidence) else {
        return Verdict::unknown(Vec::new());
    };
    let fitting: Vec<Verdict> = RULES.iter().filter_map(|rule| rule(&case)).collect();
    let best = fitting.iter().map(|verdict| verdict.confidence).max();
    let mut best = fitting.into_iter().filter(|verdict| Some(verdict.confidence) == best);
    match (best.next(), best.next()) {
        (Some(verdict), None) => verdict,
        _ => Verdict { because: vec![case.failed()], ..Verdict::unknown(case.not_seen()) },
    }
}

/// One rule a fault that can be told from evidence; it answers when its fault fits the case.
const RULES: &[fn(&Case) -> Option<Verdict>] = &[
    timeout::backlog_full,
    timeout::read_silence,
    timeout::udp_silence,
    timeout::stuck_accept,
    timeout::accept_without_descriptor,
    timeout::write_stall,
    timeout::connect_blackhole,
    timeout::dead_peer,
    connection_refused::no_listener,
    connection_refused::wrong_family,
    connection_refused::wrong_interface,
    connection_refused::not_yet_listening,
    connection_refused::udp_port_unreachable,
    connection_refused::firewall_reject,
    address_in_use::live_listener,
    address_in_use::time_wait,
    address_in_use::wildcard_overlap,
    address_in_use::bound_not_listening,
    address_in_use::outgoing_connection,
    address_in_use::reuseport_mismatch,
    address_in_use::udp,
    address_in_use::listed,
    connection_reset::unread_data,
    connection_reset::linger_zero,
    connection_reset::peer_crash,
    connection_reset::write_after_close,
    unreachable::no_route,
    unreachable::host_down,
    unreachable::prohibited,
    address_not_available::not_local,
    address_not_available::ephemeral_exhausted,
    address_not_available::privileged_port,
    message::too_many_open_files,
    message::too_large,
    message::truncated_datagram,
    message::partial_read,
    message::not_utf8,
    name_resolution::no_such_name,
    name_resolution::server_failure,
    name_resolution::resolver_silent,
    name_resolution::no_name_server,
    name_resolution::truncated_reply,
    bad_response::short_body,
    bad_response::error_status,
    bad_response::not_http,
    bad_response::no_reply,
    bad_response::tls_handshake,
    misuse::self_connect,
    misuse::port_hijack,
    misuse::already_bound,
    misuse::not_connected,
    misuse::closed_socket,
    misuse::would_block,
    misuse::wrong_address_family,
];

impl Verdict {
    /// A verdict for `fault`; the failed call is what it starts from.
    fn of(fault: Fault, confidence: Confidence, case: &Case) -> Self {
        Self {
            fault: Some(fault),
            confidence,
            because: vec![case.failed()],
            ruled_out: Vec::new(),
            unseen: Vec::new(),
            cause: None,
        }
    }
}
