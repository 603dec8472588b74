//! A name with a letter missing: the name server says that there is no such name. Without an answer in it, the reply ends
//! with its question, and so with what the naive program takes for an address.

use super::addresses;
use crate::peer::name_server::{NameServer, Says};
use crate::reproduce::names::NAME;
use crate::reproduce::stage::{Recovery, Shown, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::trace::Check;

/// What was typed for [`NAME`].
const TYPED: &str = "ww.example.test";

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let role = NameServer::new(Says::Answer).knowing(NAME);
    let role = role.ok_or_else(|| Trouble::broke(format!("{NAME} is no name")))?;
    let server = stage.name_server("name server", role)?;
    Stage::while_answering(&[&server], || {
        let met = stage.naive_takes_another(server.address, TYPED)?;
        stage.recover(met, |checks| {
            let before = server.role.asked();
            let refused = must_fail(stage.look_up(TYPED, &[server.address]))?;
            let questions = server.role.asked() - before;
            checks.push(Check::equal("questions", "1", questions.to_string()));
            let found = stage.look_up(NAME, &[server.address])?;
            Ok(Recovery {
                result: format!("{NAME} is {}", addresses(&found)),
                attempts: 2,
                met: Some(refused),
            })
        })
    })
}
