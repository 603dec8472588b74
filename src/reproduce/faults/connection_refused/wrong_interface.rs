//! The server listens on one address of the host, the client asks another.

use super::ask;
use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{ANOTHER_OWN, LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use std::net::SocketAddr;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let listening = stage.unused(Tcp, ANOTHER_OWN)?;
    stage.serving(Tcp, listening, || {
        let asked = SocketAddr::new(LOOPBACK_4, listening.port());
        let met = ask(stage, asked)?;
        stage.recover(met, |_| stage.exchange(Tcp, &[asked, listening]))
    })
}
