//! A connect or a datagram that is answered with "no".

pub(super) mod no_listener;
pub(super) mod not_yet_listening;
pub(super) mod udp_port_unreachable;
pub(super) mod wrong_family;
