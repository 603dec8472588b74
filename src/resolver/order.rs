//! In which order addresses are tried.

use super::in_turns;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// In the order in which to try them: IPv6 first where this host can reach it (RFC 6724 §6, rule 1), families in turns.
pub(super) fn ordered(addresses: Vec<IpAddr>) -> Vec<IpAddr> {
    let (six, four): (Vec<_>, Vec<_>) = addresses.into_iter().partition(IpAddr::is_ipv6);
    let six_first = four.is_empty() || six.first().is_some_and(|ip| is_reachable(*ip));
    let (first, second) = if six_first { (six, four) } else { (four, six) };
    let both = first.into_iter().chain(second).map(|ip| SocketAddr::new(ip, 0)).collect();
    in_turns(both).iter().map(SocketAddr::ip).collect()
}

/// Whether the kernel has a way there. It sends nothing, and no trace shows it, as none shows that of getaddrinfo(3).
fn is_reachable(ip: IpAddr) -> bool {
    let any =
        if ip.is_ipv6() { IpAddr::V6(Ipv6Addr::UNSPECIFIED) } else { IpAddr::V4(Ipv4Addr::UNSPECIFIED) };
    UdpSocket::bind((any, 0)).is_ok_and(|socket| socket.connect((ip, 53)).is_ok())
}
