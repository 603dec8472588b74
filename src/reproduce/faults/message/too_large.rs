//! One byte more than a datagram can have: the kernel refuses all of it.

use crate::failure::{Failure, Protocol::Udp};
use crate::fault::Fault;
use crate::reproduce::network::{CLIENT, Lab, SERVER};
use crate::reproduce::stage::{LOOPBACK_4, PATIENCE_OF_NAIVE, Recovery, Shown, Stage, errno_of};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::Check;
use std::net::SocketAddr;

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
        in_pieces(&hardened, &server, address, &message, checks)
    })
}

/// The narrowest link that IPv6 allows (RFC 8200 §5).
const NARROW: u32 = 1280;
/// It fits on the client's own link, and not on the one behind the router.
const MESSAGE: usize = 1400;

/// On a network the path may take less than the link: the first datagram is gone, the router says why (RFC 1191), and
/// the next call fails.
pub(in crate::reproduce) fn play_on_path(stage: &Stage) -> Result<Shown, Trouble> {
    let lab = Lab::routed(stage, NARROW)?;
    let server = |v6| lab.on(SERVER, || stage.bound(&stage.actor("server"), Udp, lab.server(v6)?));
    let ((server_4, address), (_server_6, over_v6)) = (server(false)?, server(true)?);
    let met = lab.on(CLIENT, || ask(stage, address))?;

    stage.recover(met, |checks| {
        let met = lab.on(CLIENT, || ask(stage, over_v6))?;
        checks.push(stage.is_judged("ipv6", Fault::TooLarge, &met));
        let message = [b'a'; MESSAGE];
        let hardened = lab.on(CLIENT, || Ok(Socket::new(&stage.actor("hardened client"), Udp, address)?))?;
        in_pieces(&hardened, &server_4, address, &message, checks)
    })
}

/// A naive client sends a datagram that the path does not take, and waits for the reply.
fn ask(stage: &Stage, address: SocketAddr) -> Result<Failure, Trouble> {
    let naive = Socket::new(&stage.actor("naive client"), Udp, address)?
        .with(Choice::KeepIcmpErrors)?
        .with(Choice::ReadLimit(PATIENCE_OF_NAIVE))?;
    naive.connect(address)?;
    naive.send(&[b'a'; MESSAGE])?;
    let met = must_fail(naive.receive(MESSAGE))?;
    stage.own_socket(&naive)?;
    stage.icmp_errors(&naive, address)?;
    Ok(met)
}

/// Sends a message in pieces that every path takes.
fn in_pieces(
    hardened: &Socket,
    server: &Socket,
    address: SocketAddr,
    message: &[u8],
    checks: &mut Vec<Check>,
) -> Result<Recovery, Trouble> {
    let mut came = 0;
    for piece in message.chunks(PIECE) {
        hardened.send_to(piece, address)?;
        came += server.receive_from(LONGEST)?.0.len();
    }
    let pieces = message.len().div_ceil(PIECE);
    checks.push(Check::equal("all-of-it", message.len().to_string(), came.to_string()));
    Ok(Recovery { result: format!("{came} bytes in {pieces} datagrams"), attempts: 1, met: None })
}
