//! A server that sets `SO_LINGER` to 0: its close throws the connection away and sends RST.

use super::{Ready, meet, served_again};
use crate::reproduce::stage::{Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::socket::{Choice, Socket};

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let met = meet(stage, "TCPAbortOnData", &[Choice::ResetOnClose], read_and_close)?;
    served_again(stage, met)
}

fn read_and_close(stage: &Stage, served: Socket, ready: &Ready) -> Result<u32, Trouble> {
    served.receive(1024)?;
    let pid = ready.look(stage, false)?;
    served.close();
    Ok(pid)
}
