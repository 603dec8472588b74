//! A second server is started while the first one listens on the same address.

use super::ask;
use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage, errno_of};
use crate::reproduce::trouble::Trouble;
use crate::trace::Check;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (holder, address) = stage.listener(&stage.actor("first server"), LOOPBACK_4)?;
    let met = ask(stage, Tcp, address)?;

    stage.recover(met, |checks| {
        let hardened = stage.actor("hardened server");
        let still_held = Stage::server(&hardened, address);
        checks.push(Check::equal("reuse-address-against-listener", "EADDRINUSE", errno_of(&still_held)));
        stage.actor("first server").note("stops");
        drop(holder);
        Stage::server(&hardened, address)?;
        Ok(Recovery { result: format!("listening on {address}"), attempts: 2, met: None })
    })
}
