//! The server's machine is off: the last router asks who has the address, and nobody answers.

use super::ask;
use crate::fault::Fault;
use crate::reproduce::network::{Lab, SERVER};
use crate::reproduce::stage::{Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::vnet::{Change, MTU};

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let lab = Lab::routed(stage, MTU)?;
    let (address, over_v6) = (lab.unused(false)?, lab.unused(true)?);
    lab.change("the server's machine is switched off", Change::Down(SERVER.into()))?;
    let met = ask(stage, &lab, address)?;

    stage.recover(met, |checks| {
        let met = ask(stage, &lab, over_v6)?;
        checks.push(stage.is_judged("ipv6", Fault::HostDown, &met));
        lab.serving(address, || {
            lab.client_recovers(address, || {
                lab.change("the server's machine is back", Change::Up(SERVER.into()))
            })
        })
    })
}
