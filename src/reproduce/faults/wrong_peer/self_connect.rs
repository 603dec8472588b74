//! A client asks a port where nobody listens, and is given that very port as its own: the connection leads back to
//! itself, and whatever it sends comes back. By chance that takes some ten thousand attempts; here the client binds
//! the port first.

use crate::failure::Protocol::Tcp;
use crate::failure::{Op, Why};
use crate::reproduce::stage::{LINE, LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::trace::Check;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (naive, address) = stage.bound(&stage.actor("naive client"), Tcp, LOOPBACK_4)?;
    naive.connect(address)?;
    naive.send_all(LINE.as_bytes())?;
    let echo = naive.receive(1024)?;
    if naive.local() != naive.peer() {
        return Err(Trouble::broke("somebody else was there"));
    }
    let met = naive.reject(Op::Connect, Why::SelfConnected);
    stage.sockets(Tcp, address.port())?;

    stage.recover(met, |checks| {
        checks.push(Check::equal("reply", LINE, String::from_utf8_lossy(&echo)));
        naive.close();
        let address = stage.unused(Tcp, LOOPBACK_4)?;
        stage.server_comes_back(Tcp, address)
    })
}
