//! Whether a program listens: its sockets are in the table of the system. It is looked at, never waited for a guessed
//! time.

use super::process::belongs;
use crate::evidence;
use crate::failure::Protocol;
use crate::trace::{Fact, SocketRow, SocketState};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

/// The first look comes so soon, the others after twice as long each, up to the last.
pub(super) const FIRST_GLANCE: Duration = Duration::from_millis(2);
pub(super) const LAST_GLANCE: Duration = Duration::from_millis(10);

/// How long a look may take that has to connect.
const CONNECT: Duration = Duration::from_millis(200);

/// A program, as its sockets are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    /// Its process, which leads its group.
    pub(super) pid: u32,
    /// What its processes have in their environment.
    pub(super) mark: &'a str,
    /// Whether it only binds its address, and never listens.
    pub(super) only_binds: bool,
}

/// Whether the program has a socket that waits for clients at this address.
pub(super) fn listens(known: Known, protocol: Protocol, address: SocketAddr) -> bool {
    match evidence::sockets(protocol, address.port()) {
        Ok((_, fact)) => {
            let rows = evidence::rows_of(fact);
            let mut waiting = rows.iter().filter(|row| waits(known, row, protocol, address.port()));
            waiting.any(|row| is_of(known, row))
                || known.only_binds && is_hidden() && is_taken(protocol, address)
        }
        Err(_) => listens_unseen(known, protocol, address),
    }
}

/// Whether this kernel does not show sockets that are only bound.
fn is_hidden() -> bool {
    matches!(evidence::bound_sockets(), Ok((_, Fact::BoundSockets { shown: false })))
}

fn is_taken(protocol: Protocol, address: SocketAddr) -> bool {
    match protocol {
        Protocol::Tcp => TcpListener::bind(address).is_err(),
        Protocol::Udp => UdpSocket::bind(address).is_err(),
    }
}

fn waits(known: Known, row: &SocketRow, protocol: Protocol, port: u16) -> bool {
    let ready = match protocol {
        Protocol::Tcp if known.only_binds => row.state == SocketState::BoundInactive,
        Protocol::Tcp => row.state == SocketState::Listen,
        Protocol::Udp => true,
    };
    ready && row.local.port() == port && row.is_held()
}

fn is_of(known: Known, row: &SocketRow) -> bool {
    match evidence::holder(row.inode, row.uid) {
        Ok((_, Fact::Holder(process))) => belongs(process.pid, known.pid, known.mark),
        _ => false,
    }
}

/// The same where the system shows no table.
fn listens_unseen(known: Known, protocol: Protocol, address: SocketAddr) -> bool {
    if let Ok(listed) = evidence::listed(protocol, address.port()) {
        return listed.iter().any(
            |(_, fact)| matches!(fact, Fact::Listed { pid, .. } if belongs(*pid, known.pid, known.mark)),
        );
    }
    match protocol {
        Protocol::Tcp if !known.only_binds => TcpStream::connect_timeout(&address, CONNECT).is_ok(),
        // Who is bound there keeps others out.
        _ => is_taken(protocol, address),
    }
}
