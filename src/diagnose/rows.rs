//! The questions that rules ask about rows of the socket table.

use super::case::Reading;
use crate::trace::{SocketRow, SocketState};
use std::net::{IpAddr, SocketAddr};

/// Rows of the first reading that stand in every reading.
pub(super) fn throughout<'a>(
    readings: &[Reading<'a>],
    wanted: impl Fn(&SocketRow) -> bool,
) -> Vec<&'a SocketRow> {
    let Some((first, rest)) = readings.split_first() else { return Vec::new() };
    let stays = |row: &SocketRow| {
        rest.iter().all(|reading| {
            reading.rows.iter().any(|other| {
                (other.local, other.peer, other.state, other.inode)
                    == (row.local, row.peer, row.state, row.inode)
            })
        })
    };
    first.rows.iter().filter(|row| wanted(row) && stays(row)).collect()
}

/// Whether a row for which `wanted` holds stands in any of the readings.
pub(super) fn ever(readings: &[Reading], wanted: impl Fn(&SocketRow) -> bool) -> bool {
    readings.iter().any(|reading| reading.rows.iter().any(&wanted))
}

impl SocketRow {
    /// Whether this is a listener on this port, on whichever address.
    pub(super) fn listens_on(&self, port: u16) -> bool {
        self.state == SocketState::Listen && self.local.port() == port
    }

    /// Whether it is all that is left of a connection that both programs have closed, or one that is gone.
    pub(super) fn is_remains(&self) -> bool {
        use SocketState::{Closing, FinWait1, FinWait2, LastAck, TimeWait};
        !self.is_held() && matches!(self.state, TimeWait | FinWait1 | FinWait2 | Closing | LastAck)
    }

    /// Whether it waits for clients, or may yet: it is bound, and no end of a connection.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, SocketState::Listen | SocketState::BoundInactive | SocketState::Unconnected)
    }

    /// Whether a packet to `target` finds this socket.
    pub(super) fn receives_for(&self, target: SocketAddr) -> bool {
        self.local.port() == target.port()
            && (canonical(self.local) == canonical(target)
                || covers(self.local.ip(), self.v6only == Some(false), target.ip()))
    }

    /// Whether a socket that asks for `asked` wants what this one has. Whether the asker is dual-stack is not
    /// known from its address; Linux' default is that it is.
    pub(super) fn overlaps(&self, asked: SocketAddr) -> bool {
        self.receives_for(asked)
            || (self.local.port() == asked.port() && covers(asked.ip(), true, self.local.ip()))
    }

    /// Whether this is the end of a connection between these two addresses.
    pub(super) fn connects(&self, local: SocketAddr, peer: SocketAddr) -> bool {
        canonical(self.local) == canonical(local) && canonical(self.peer) == canonical(peer)
    }
}

/// IPv4 addresses look the same on IPv4 and dual-stack sockets.
pub(super) fn canonical(address: SocketAddr) -> (IpAddr, u16) {
    (address.ip().to_canonical(), address.port())
}

/// Whether one of two addresses with the same port is a wildcard that may stand for the other.
pub(super) fn overlap(one: SocketAddr, other: SocketAddr) -> bool {
    one.port() == other.port() && (covers(one.ip(), true, other.ip()) || covers(other.ip(), true, one.ip()))
}

/// Whether the wildcard `wild` stands for `other` too.
fn covers(wild: IpAddr, dual_stack: bool, other: IpAddr) -> bool {
    wild.is_unspecified() && (wild.is_ipv4() == other.is_ipv4() || (wild.is_ipv6() && dual_stack))
}
