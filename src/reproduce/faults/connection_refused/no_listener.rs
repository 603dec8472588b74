//! A client asks a port that nobody holds.

use super::ask;
use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let address = stage.unused(Tcp, LOOPBACK_4)?;
    let met = ask(stage, address)?;

    stage.recover(met, |_| stage.server_comes_back(Tcp, address))
}
