//! Addresses as they are written in requests and files: `HOST:PORT`, where the host may be a name or nothing.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs as _};

/// Why an address cannot be used.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It is not written as one.
    Shape(String),
    /// Its name has no address.
    Name(io::Error),
}

/// The addresses that `HOST:PORT` stands for, IPv4 first. Waits for the resolver when the host is a name.
pub(super) fn resolve(given: &str) -> Result<Vec<SocketAddr>, Unusable> {
    if let Ok(address) = given.parse() {
        return Ok(vec![address]);
    }
    let (host, port) = split(given).map_err(Unusable::Shape)?;
    if host.is_empty() {
        return Ok(vec![SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port)]);
    }
    let mut found: Vec<SocketAddr> = (host, port).to_socket_addrs().map_err(Unusable::Name)?.collect();
    found.sort_by_key(|address| matches!(address.ip(), IpAddr::V6(_)));
    found.dedup();
    Ok(found)
}

/// Whether it is written as an address, and what is wrong if not.
pub fn check(given: &str) -> Result<(), String> {
    if given.parse::<SocketAddr>().is_ok() { Ok(()) } else { split(given).map(drop) }
}

/// Whether its host is a name, which may come to stand for another address.
pub(super) fn is_name(given: &str) -> bool {
    given.parse::<SocketAddr>().is_err()
}

fn split(given: &str) -> Result<(&str, u16), String> {
    const SHAPE: &str = "expected HOST:PORT such as localhost:6379, 127.0.0.1:6379 or [::1]:6379";
    let (host, port) =
        given.rsplit_once(':').ok_or_else(|| format!("{given:?}: the port is missing; {SHAPE}"))?;
    let port = port
        .parse()
        .map_err(|_| format!("{given:?}: {port:?} is no port, a number from 0 to 65535; {SHAPE}"))?;
    if host.contains([':', '/', '[', ']']) || host.chars().any(char::is_whitespace) {
        return Err(format!("{given:?}: {host:?} is no host; {SHAPE}"));
    }
    Ok((host, port))
}
