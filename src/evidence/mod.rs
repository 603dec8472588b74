//! Readers of the live system. Each gives facts with their source; none changes anything.
//! Where a platform shows nothing, [`Absent`] says what is missing and why.

#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod linux;
#[cfg(all(target_os = "linux", not(netfault_blind)))]
use linux as platform;
#[cfg(not(all(target_os = "linux", not(netfault_blind))))]
mod other;
#[cfg(not(all(target_os = "linux", not(netfault_blind))))]
use other as platform;

use crate::failure::Protocol;
use crate::trace::{Fact, Source};
use std::fmt;
use std::net::SocketAddr;

/// Evidence that this platform, or this user, cannot give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// What it would need, such as `Linux (sock_diag)`.
    pub needs: String,
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "needs {}", self.needs)
    }
}

/// Every socket of this network namespace whose local port or peer port this is, in both families and every
/// state, with `TCP_INFO` for connections: both ends of a connection on this host are there. Linux before 6.8 leaves
/// out TCP sockets that are only bound.
pub fn sockets(protocol: Protocol, port: u16) -> Result<(Source, Fact), Absent> {
    let rows = platform::sockets(protocol, port)?;
    Ok((Source::SockDiag, Fact::Sockets { protocol, port, rows }))
}

/// Who holds the socket with this inode. `uid` is the owner that the socket table names, for when the process
/// is another user's. Nobody holds inode 0, so there is no answer to it.
pub fn holder(inode: u32, uid: u32) -> Result<(Source, Fact), Absent> {
    if inode == 0 {
        return Err(Absent { needs: "a socket that a process holds".into() });
    }
    Ok(match platform::process_with_inode(inode)? {
        Some(process) => (Source::Procfs, Fact::Holder(process)),
        None => (Source::SockDiag, Fact::HiddenHolder { uid, inode }),
    })
}

/// Takes every ICMP error out of the error queue of `socket`, which talked to `peer` and must have been told to
/// keep them. That also clears the errno which the next call on the socket would report, so the call comes first.
pub fn icmp_errors(socket: &socket2::Socket, peer: SocketAddr) -> Result<(Source, Fact), Absent> {
    Ok((Source::ErrorQueue, Fact::IcmpErrors { peer, errors: platform::icmp_errors(socket)? }))
}
