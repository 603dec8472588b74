//! A name server reads the question and says nothing: no reply, no error. Another one answers.

use super::addresses;
use crate::failure::Op;
use crate::failure::Protocol::Udp;
use crate::peer::name_server::{NameServer, Says};
use crate::reproduce::names::NAME;
use crate::reproduce::stage::{PATIENCE_OF_NAIVE, Recovery, Shown, Stage};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::resolver::{self, Answer, Asking, Kind};
use crate::socket::{Choice, Socket};
use crate::trace::Check;
use std::net::SocketAddr;
use std::thread;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let silent = stage.name_server("silent name server", NameServer::new(Says::Silent))?;
    let other = stage.name_server("other name server", NameServer::new(Says::Answer))?;
    // No question, and so no answer is due: only an ICMP error could come.
    let probe = Socket::new(&stage.actor("probe"), Udp, silent.address)?.with(Choice::KeepIcmpErrors)?;
    Stage::while_answering(&[&silent, &other], || {
        probe.connect(silent.address)?;
        probe.send(b"")?;
        let met = thread::scope(|scope| {
            let naive = scope.spawn(|| stage.naive_look_up(silent.address, NAME));
            stage.wait_for_call("naive client", Op::Receive)?;
            stage.sockets(Udp, silent.address.port())?;
            ask_beside(stage, silent.address)?;
            must_fail(joined(naive)?)
        })?;
        stage.icmp_errors(&probe, silent.address)?;

        stage.recover(met, |checks| {
            let before = silent.role.asked();
            let found = stage.look_up(NAME, &[silent.address, other.address])?;
            let to_silent = silent.role.asked() - before;
            checks.push(Check::equal("questions-to-the-silent-one", "1", to_silent.to_string()));
            let attempts = to_silent + other.role.asked();
            Ok(Recovery { result: format!("{NAME} is {}", addresses(&found)), attempts, met: None })
        })
    })
}

/// A whole question of the stage's own, which waits as long as the naive program does.
fn ask_beside(stage: &Stage, server: SocketAddr) -> Result<(), Trouble> {
    let actor = &stage.actor("probe");
    let name = &resolver::name(NAME).map_err(Trouble::broke)?;
    let by = &stage.recorder().deadline(PATIENCE_OF_NAIVE);
    let asking = Asking { actor, server, name, text: NAME, kind: Kind::A, patience: PATIENCE_OF_NAIVE, by };
    match resolver::ask(&asking, &mut |fact| drop(stage.eyes().keep(fact))) {
        Answer::Silent { .. } => Ok(()),
        answer => Err(Trouble::broke(format!("the silent name server spoke: {}", answer.message()))),
    }
}
