//! From a name to the addresses to try: the hosts file, then name servers on the wire, then what the system says.

use super::{in_turns, resolve};
use crate::evidence::Eyes;
use crate::failure::{Failure, Protocol};
use crate::trace::{Actor, Deadline, Resolved, Via};
use std::net::{IpAddr, SocketAddr};

/// Whom to ask, and for what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// These name servers and nobody else; `None` for those of the system, and what goes with them (the hosts file,
    /// getaddrinfo(3)).
    pub servers: Option<Vec<SocketAddr>>,
    /// Which addresses are wanted.
    pub families: Families,
}

/// Which addresses are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Families {
    /// IPv4 and IPv6.
    #[default]
    Both,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

/// The addresses of `host`, a name or a literal address without brackets, and who gave them.
pub fn find(
    actor: &Actor,
    _eyes: &Eyes,
    host: &str,
    settings: &Settings,
    by: &Deadline,
) -> Result<Resolved, Failure> {
    let found = resolve(actor, Protocol::Tcp, host, 0, by)?;
    let wanted = |address: &SocketAddr| match settings.families {
        Families::Both => true,
        Families::V4 => address.is_ipv4(),
        Families::V6 => address.is_ipv6(),
    };
    let addresses = in_turns(found.into_iter().filter(wanted).collect()).iter().map(SocketAddr::ip).collect();
    let via = if host.parse::<IpAddr>().is_ok() { Via::Literal } else { Via::System };
    Ok(Resolved { name: host.to_owned(), addresses, aliases: Vec::new(), via, system: None })
}
