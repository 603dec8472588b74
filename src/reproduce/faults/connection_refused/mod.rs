//! A connect or a datagram that is answered with "no".

pub(super) mod firewall_reject;
pub(super) mod no_listener;
pub(super) mod not_yet_listening;
pub(super) mod udp_port_unreachable;
pub(super) mod wrong_family;
pub(super) mod wrong_interface;

use crate::failure::{Failure, Protocol::Tcp};
use crate::naive;
use crate::reproduce::stage::{LINE, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};
use std::net::SocketAddr;

/// A naive client asks where nobody listens, with the socket table before and after, and whether an ICMP error
/// comes.
fn ask(stage: &Stage, asked: SocketAddr) -> Result<Failure, Trouble> {
    stage.sockets(Tcp, asked.port())?;
    let met = must_fail(naive::client::tcp(&stage.actor("naive client"), asked, LINE, None))?;
    stage.sockets(Tcp, asked.port())?;
    stage.probe_connect(asked)?;
    Ok(met)
}
