//! A datagram to a port that nobody holds: the kernel answers with ICMP, and a connected socket hears of it in
//! its *next* call. A socket that is not connected never does.

use crate::failure::Protocol::Udp;
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, PATIENCE_OF_NAIVE, Shown, Stage, errno_of};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::Check;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let address = stage.unused(Udp, LOOPBACK_4)?;
    stage.sockets(Udp, address.port())?;
    let client = Socket::new(&stage.actor("naive client"), Udp, address)?
        .with(Choice::KeepIcmpErrors)?
        .with(Choice::ReadLimit(PATIENCE_OF_NAIVE))?;
    client.connect(address)?;
    client.send(LINE.as_bytes())?;
    let met = must_fail(client.receive(1024))?;
    stage.icmp_errors(&client, address)?;
    stage.sockets(Udp, address.port())?;

    stage.recover(met, |checks| {
        let deaf = naive::client::udp(&stage.actor("unconnected"), address, LINE, Some(PATIENCE_OF_NAIVE));
        checks.push(Check::equal("unconnected", "EAGAIN", errno_of(&deaf)));
        stage.server_comes_back(Udp, address)
    })
}
