//! A server that closes without reading what the client sent: the kernel answers with RST instead of FIN.

use super::{Ready, meet, served_again};
use crate::reproduce::stage::{Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::socket::Socket;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let met = meet(stage, "TCPAbortOnClose", &[], close_unread)?;
    served_again(stage, met)
}

fn close_unread(stage: &Stage, served: Socket, ready: &Ready) -> Result<u32, Trouble> {
    let pid = ready.look(stage, true)?;
    served.close();
    Ok(pid)
}
