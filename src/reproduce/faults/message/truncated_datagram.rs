//! A datagram of 2000 bytes and a server that asks for 1024: the rest is thrown away, and no call fails.

use crate::failure::Protocol::Udp;
use crate::failure::{Op, Why};
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::socket::Socket;
use crate::trace::Check;

const SENT: usize = 2000;
/// What the course module's servers ask for.
const BUFFER: usize = 1024;
/// More than any datagram has.
const ROOM: usize = 65_535;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (server, address) = stage.bound(&stage.actor("naive server"), Udp, LOOPBACK_4)?;
    let client = Socket::new(&stage.actor("client"), Udp, address)?;
    let message = vec![b'a'; SENT];
    client.send_to(&message, address)?;
    stage.eyes.waiting(server.as_inner())?;
    let (got, _) = server.receive_from(BUFFER)?;
    if got.len() >= SENT {
        return Err(Trouble::broke("the datagram came whole"));
    }
    let met = server.reject(Op::Receive, Why::Partial { got: got.len(), wanted: SENT });

    stage.recover(met, |checks| {
        client.send_to(b"next", address)?;
        let (next, _) = server.receive_from(ROOM)?;
        checks.push(Check::equal("next-recv", "next", String::from_utf8_lossy(&next)));
        client.send_to(&message, address)?;
        let (whole, _) = server.receive_from(ROOM)?;
        checks.push(Check::equal("all-of-it", SENT.to_string(), whole.len().to_string()));
        Ok(Recovery { result: format!("{} bytes in one recv", whole.len()), attempts: 1, met: None })
    })
}
