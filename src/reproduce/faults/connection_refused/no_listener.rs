//! A client asks a port that nobody holds.

use crate::failure::Protocol::Tcp;
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let address = stage.unused(Tcp, LOOPBACK_4)?;
    stage.sockets(Tcp, address.port())?;
    let met = must_fail(naive::client::tcp(&stage.actor("naive client"), address, LINE, None))?;
    stage.sockets(Tcp, address.port())?;
    stage.probe_connect(address)?;

    stage.recover(met, |_| stage.server_comes_back(Tcp, address))
}
