//! A bind on an address that something still holds.

pub(super) mod bound_not_listening;
pub(super) mod live_listener;
pub(super) mod outgoing_connection;
pub(super) mod reuseport_mismatch;
pub(super) mod time_wait;
pub(super) mod udp;
pub(super) mod wildcard_overlap;

use crate::failure::{Failure, Protocol};
use crate::naive;
use crate::reproduce::stage::Stage;
use crate::reproduce::trouble::{Trouble, must_fail};
use std::net::SocketAddr;

/// A naive server asks for an address that a socket holds, with the table before and after, and who holds it.
fn ask(stage: &Stage, protocol: Protocol, address: SocketAddr) -> Result<Failure, Trouble> {
    let actor = stage.actor("naive server");
    stage.sockets(protocol, address.port())?;
    let met = must_fail(match protocol {
        Protocol::Tcp => naive::server::bind_tcp(&actor, address),
        Protocol::Udp => naive::server::bind_udp(&actor, address),
    })?;
    let rows = stage.sockets(protocol, address.port())?;
    if let Some(row) = rows.iter().find(|row| row.is_held() && row.local.port() == address.port()) {
        stage.holder(row)?;
    }
    Ok(met)
}
