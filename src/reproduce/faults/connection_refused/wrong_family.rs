//! The server listens in one IP family, the client asks in the other; in both directions.

use super::ask;
use crate::failure::Protocol::Tcp;
use crate::fault::Fault;
use crate::reproduce::stage::{LOOPBACK_4, LOOPBACK_6, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::trace::Check;
use std::net::{IpAddr, SocketAddr};

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let listening = stage.unused(Tcp, LOOPBACK_6)?;
    stage.serving(Tcp, listening, || {
        let asked = SocketAddr::new(LOOPBACK_4, listening.port());
        let met = ask(stage, asked)?;
        stage.recover(met, |checks| {
            let arm = stage.exchange(Tcp, &[asked, listening])?;
            checks.push(the_other_way_round(stage, LOOPBACK_4, LOOPBACK_6)?);
            Ok(arm)
        })
    })
}

fn the_other_way_round(stage: &Stage, listens: IpAddr, asks: IpAddr) -> Result<Check, Trouble> {
    let listening = stage.unused(Tcp, listens)?;
    stage.serving(Tcp, listening, || {
        let met = ask(stage, SocketAddr::new(asks, listening.port()))?;
        let verdict = stage.judge(&met);
        Ok(Check::equal(
            "other-way-round",
            Fault::WrongFamily.id(),
            verdict.fault.map_or("unknown", Fault::id),
        ))
    })
}
