//! Two servers share one port with `SO_REUSEPORT`, an old one and a new one; the kernel deals each client to either.

use crate::failure::Failure;
use crate::failure::Protocol::Tcp;
use crate::failure::{Op, Why};
use crate::reproduce::stage::{LINE, LOOPBACK_4, PATIENCE, Recovery, Shown, Stage, errno_of};
use crate::reproduce::trouble::Trouble;
use crate::socket::{Choice, Socket};
use crate::trace::Check;
use std::net::SocketAddr;

/// How many clients ask at most: the chance that none of them is dealt to the old server is one in 2^64.
const CLIENTS: usize = 64;
const MEANT: &str = "the new server";
const OTHER: &str = "the old server";

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (old, address) = stage.bound_with(&stage.actor(OTHER), Tcp, LOOPBACK_4, &[Choice::ReusePort])?;
    old.listen(1)?;
    let new = Socket::new(&stage.actor(MEANT), Tcp, address)?.with(Choice::ReusePort)?;
    let new = new.with(Choice::NonBlocking)?;
    new.bind(address)?;
    new.listen(1)?;
    let rows = stage.sockets(Tcp, address.port())?;
    let met = ask_until_the_other_answers(stage, &new, &old, address)?;
    stage.sockets(Tcp, address.port())?;
    for row in rows.iter().filter(|row| row.local == address) {
        stage.holder(row)?;
    }

    stage.recover(met, |checks| {
        old.close();
        new.close();
        // The connections that they closed hold their port for a minute.
        let address = stage.unused(Tcp, LOOPBACK_4)?;
        let hardened = stage.actor("hardened server");
        let alone = Stage::server(&hardened, address)?;
        let intruder = Socket::new(&stage.actor(OTHER), Tcp, address)?.with(Choice::ReusePort)?;
        checks.push(Check::equal("second-bind", "EADDRINUSE", errno_of(&intruder.bind(address))));
        let client = Socket::new(&stage.actor("client"), Tcp, address)?.with(Choice::ReadLimit(PATIENCE))?;
        client.connect(address)?;
        client.send_all(LINE.as_bytes())?;
        alone.accept()?.send_all(MEANT.as_bytes())?;
        let result = String::from_utf8_lossy(&client.receive(1024)?).into_owned();
        Ok(Recovery { result: format!("answered by {result}"), attempts: 1, met: None })
    })
}

/// Client after client, each answered by whom the kernel dealt it to.
fn ask_until_the_other_answers(
    stage: &Stage,
    meant: &Socket,
    other: &Socket,
    address: SocketAddr,
) -> Result<Failure, Trouble> {
    for _ in 0..CLIENTS {
        let client =
            Socket::new(&stage.actor("naive client"), Tcp, address)?.with(Choice::ReadLimit(PATIENCE))?;
        client.connect(address)?;
        // The handshake is over, so the connection waits with one of the two, and it is known with which.
        match meant.accept() {
            Ok(served) => served.send_all(MEANT.as_bytes())?,
            Err(failure) if failure.is("EAGAIN") => other.accept()?.send_all(OTHER.as_bytes())?,
            Err(failure) => return Err(failure.into()),
        }
        let got = String::from_utf8_lossy(&client.receive(1024)?).into_owned();
        if got != MEANT {
            return Ok(client.reject(Op::Receive, Why::Stranger { wanted: MEANT.to_owned(), got }));
        }
    }
    Err(Trouble::broke(format!("{CLIENTS} clients were all dealt to one server")))
}
