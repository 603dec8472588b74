//! A name server answers at once that it cannot tell (SERVFAIL); another one can.

use super::addresses;
use crate::peer::name_server::{NameServer, Says};
use crate::reproduce::names::NAME;
use crate::reproduce::stage::{Recovery, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::trace::Check;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let failing = stage.name_server("failing name server", NameServer::new(Says::Servfail))?;
    let other = stage.name_server("other name server", NameServer::new(Says::Answer))?;
    Stage::while_answering(&[&failing, &other], || {
        let met = stage.naive_takes_another(failing.address, NAME)?;
        stage.recover(met, |checks| {
            let before = failing.role.asked();
            let found = stage.look_up(NAME, &[failing.address, other.address])?;
            let again = failing.role.asked() - before;
            checks.push(Check::equal("questions-to-the-failing-one", "1", again.to_string()));
            let attempts = again + other.role.asked();
            Ok(Recovery { result: format!("{NAME} is {}", addresses(&found)), attempts, met: None })
        })
    })
}
