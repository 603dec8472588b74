//! One fault a file. Each sets the stage, lets the naive program meet the fault, has the evidence read while it
//! stands, and lets someone recover. What a user reads about it is in the catalogue under the same name.

mod address_in_use;
mod connection_refused;
mod timeout;

use super::stage::{Shown, Stage};
use super::trouble::Trouble;
use crate::fault::Fault;

/// Makes a fault happen on a stage.
pub(super) type Play = fn(&Stage) -> Result<Shown, Trouble>;

/// How `fault` is made to happen; `None` for those that this version only explains.
pub(super) fn play(fault: Fault) -> Option<Play> {
    let play: Play = match fault {
        Fault::BacklogFull => timeout::backlog_full::play,
        Fault::ReadSilence => timeout::read_silence::play,
        Fault::UdpSilence => timeout::udp_silence::play,
        Fault::StuckAccept => timeout::stuck_accept::play,
        Fault::NoListener => connection_refused::no_listener::play,
        Fault::WrongFamily => connection_refused::wrong_family::play,
        Fault::NotYetListening => connection_refused::not_yet_listening::play,
        Fault::UdpPortUnreachable => connection_refused::udp_port_unreachable::play,
        Fault::LiveListener => address_in_use::live_listener::play,
        Fault::TimeWait => address_in_use::time_wait::play,
        Fault::WildcardOverlap => address_in_use::wildcard_overlap::play,
        Fault::Udp => address_in_use::udp::play,
        _ => return None,
    };
    Some(play)
}
