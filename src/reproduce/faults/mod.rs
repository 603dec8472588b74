//! One fault a file. Each sets the stage, lets the naive program meet the fault, has the evidence read while it
//! stands, and lets someone recover. What a user reads about it is in the catalogue under the same name.

mod address_in_use;
mod address_not_available;
mod bad_response;
mod broken_pipe;
mod connection_refused;
mod connection_reset;
mod message;
mod misuse;
mod name_resolution;
mod permission_denied;
mod timeout;
mod too_many_open_files;
mod unreachable;
mod wrong_peer;

use super::network::{CLIENT, Lab};
use super::stage::{Shown, Stage};
use super::trouble::Trouble;
use crate::fault::Fault;

/// Makes a fault happen on a stage.
pub(super) type Play = fn(&Stage) -> Result<Shown, Trouble>;

/// Where a fault is at home.
pub(super) enum Home {
    /// This host's loopback has it.
    Loopback(Play),
    /// It takes a network of several hosts.
    Network(Play),
    /// Each has it, in its own way.
    Both(Play, Play),
}

impl Home {
    /// How it is made to happen on loopback.
    pub(super) fn on_loopback(&self) -> Option<Play> {
        match self {
            Self::Loopback(play) | Self::Both(play, _) => Some(*play),
            Self::Network(_) => None,
        }
    }

    /// Makes it happen on a network of several hosts; what is at home on loopback has one host there.
    pub(super) fn on_network(&self, stage: &Stage) -> Result<Shown, Trouble> {
        match self {
            Self::Network(play) | Self::Both(_, play) => play(stage),
            Self::Loopback(play) => Lab::alone(stage)?.on(CLIENT, || play(stage)),
        }
    }
}

/// Where `fault` is at home, and how it is made to happen there.
pub(super) fn home(fault: Fault) -> Home {
    Home::Loopback(match fault {
        Fault::ConnectBlackhole => return Home::Network(timeout::connect_blackhole::play),
        Fault::DeadPeer => return Home::Network(timeout::dead_peer::play),
        Fault::FirewallReject => return Home::Network(connection_refused::firewall_reject::play),
        Fault::NoRoute => return Home::Network(unreachable::no_route::play),
        Fault::HostDown => return Home::Network(unreachable::host_down::play),
        Fault::Prohibited => return Home::Network(unreachable::prohibited::play),
        Fault::TooLarge => {
            return Home::Both(message::too_large::play, message::too_large::play_on_path);
        }
        Fault::BacklogFull => timeout::backlog_full::play,
        Fault::ReadSilence => timeout::read_silence::play,
        Fault::WriteStall => timeout::write_stall::play,
        Fault::UdpSilence => timeout::udp_silence::play,
        Fault::StuckAccept => timeout::stuck_accept::play,
        Fault::NoListener => connection_refused::no_listener::play,
        Fault::WrongFamily => connection_refused::wrong_family::play,
        Fault::WrongInterface => connection_refused::wrong_interface::play,
        Fault::NotYetListening => connection_refused::not_yet_listening::play,
        Fault::UdpPortUnreachable => connection_refused::udp_port_unreachable::play,
        Fault::LiveListener => address_in_use::live_listener::play,
        Fault::TimeWait => address_in_use::time_wait::play,
        Fault::WildcardOverlap => address_in_use::wildcard_overlap::play,
        Fault::BoundNotListening => address_in_use::bound_not_listening::play,
        Fault::OutgoingConnection => address_in_use::outgoing_connection::play,
        Fault::Udp => address_in_use::udp::play,
        Fault::ReuseportMismatch => address_in_use::reuseport_mismatch::play,
        Fault::UnreadData => connection_reset::unread_data::play,
        Fault::LingerZero => connection_reset::linger_zero::play,
        Fault::PeerCrash => connection_reset::peer_crash::play,
        Fault::WriteAfterClose => broken_pipe::write_after_close::play,
        Fault::NotLocal => address_not_available::not_local::play,
        Fault::EphemeralExhausted => address_not_available::ephemeral_exhausted::play,
        Fault::PrivilegedPort => permission_denied::privileged_port::play,
        Fault::AcceptWithoutDescriptor => too_many_open_files::accept::play,
        Fault::TruncatedDatagram => message::truncated_datagram::play,
        Fault::PartialRead => message::partial_read::play,
        Fault::NotUtf8 => message::not_utf8::play,
        Fault::ShortBody => bad_response::short_body::play,
        Fault::ErrorStatus => bad_response::error_status::play,
        Fault::NotHttp => bad_response::not_http::play,
        Fault::NoReply => bad_response::no_reply::play,
        Fault::TlsHandshake => bad_response::tls_handshake::play,
        Fault::SelfConnect => wrong_peer::self_connect::play,
        Fault::PortHijack => wrong_peer::port_hijack::play,
        Fault::NoSuchName => name_resolution::no_such_name::play,
        Fault::ServerFailure => name_resolution::server_failure::play,
        Fault::ResolverSilent => name_resolution::resolver_silent::play,
        Fault::TruncatedReply => name_resolution::truncated_reply::play,
        Fault::AlreadyBound => misuse::already_bound::play,
        Fault::NotConnected => misuse::not_connected::play,
        Fault::ClosedSocket => misuse::closed_socket::play,
        Fault::WouldBlock => misuse::would_block::play,
        Fault::WrongAddressFamily => misuse::wrong_address_family::play,
    })
}

/// Whether what it does to this process would disturb every other play: it lowers a limit, or starts a program, which
/// for a moment has a copy of every descriptor and keeps the port of a socket that another play closes.
pub(super) fn needs_to_be_alone(fault: Fault) -> bool {
    matches!(fault, Fault::AcceptWithoutDescriptor | Fault::PeerCrash)
}
