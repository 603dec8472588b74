//! One byte more than a datagram can have: the kernel refuses all of it.

use crate::failure::Protocol::Udp;
use crate::reproduce::stage::{LOOPBACK_4, Recovery, Shown, Stage, errno_of};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::socket::Socket;
use crate::trace::Check;

/// 65,535 bytes less 20 of IPv4's header (RFC 791) and 8 of UDP's (RFC 768).
const LONGEST: usize = 65_507;
/// What fits through every network unbroken, RFC 8085 §3.2.
const PIECE: usize = 1200;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (server, address) = stage.bound(&stage.actor("server"), Udp, LOOPBACK_4)?;
    let message = vec![b'a'; LONGEST + 1];
    let naive = Socket::new(&stage.actor("naive client"), Udp, address)?;
    let met = must_fail(naive.send_to(&message, address))?;
    stage.own_socket(&naive)?;

    stage.recover(met, |checks| {
        let longest = naive.send_to(&message[1..], address);
        checks.push(Check::equal("one-byte-less", "ok", errno_of(&longest)));
        server.receive_from(LONGEST)?;
        let hardened = Socket::new(&stage.actor("hardened client"), Udp, address)?;
        let mut came = 0;
        for piece in message.chunks(PIECE) {
            hardened.send_to(piece, address)?;
            came += server.receive_from(LONGEST)?.0.len();
        }
        let pieces = message.len().div_ceil(PIECE);
        checks.push(Check::equal("all-of-it", message.len().to_string(), came.to_string()));
        Ok(Recovery { result: format!("{came} bytes in {pieces} datagrams"), attempts: 1, met: None })
    })
}
