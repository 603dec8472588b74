//! The program that serves the connection is killed before it has read the request; its kernel closes for it.

use super::{Ready, meet, served_again};
use crate::reproduce::process::Holder;
use crate::reproduce::stage::{Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::socket::Socket;
use crate::trace::{Fact, Source};

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let met = meet(stage, "TCPAbortOnClose", &[], kill)?;
    served_again(stage, met)
}

fn kill(stage: &Stage, served: Socket, ready: &Ready) -> Result<u32, Trouble> {
    let program = Holder::of(served)?;
    let pid = program.pid();
    stage.actor("server").note(&format!("a program of its own serves the connection, pid {pid}"));
    ready.look(stage, true)?;
    let signal = program.kill()?;
    stage.actor("server").note(&format!("pid {pid} is killed"));
    stage.eyes.keep((Source::Wait, Fact::Ended { pid, signal }));
    Ok(pid)
}
