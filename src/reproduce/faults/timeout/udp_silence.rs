//! A datagram reaches a socket that nobody reads: no reply, no error, and no way to tell it from a lost one.

use crate::failure::Op;
use crate::failure::Protocol::Udp;
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, PATIENCE_OF_NAIVE, Shown, Stage, answer};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::Check;
use std::thread;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (unread, address) = stage.bound(&stage.actor("server"), Udp, LOOPBACK_4)?;
    let probe = Socket::new(&stage.actor("probe"), Udp, address)?.with(Choice::KeepIcmpErrors)?;
    probe.connect(address)?;
    probe.send(LINE.as_bytes())?;
    let met = thread::scope(|scope| {
        let naive = stage.actor("naive client");
        let waiting = scope.spawn(move || naive::client::udp(&naive, address, LINE, Some(PATIENCE_OF_NAIVE)));
        stage.wait_for_call("naive client", Op::Receive)?;
        stage.sockets_when(Udp, address.port(), "the datagram to wait unread", |rows| {
            rows.iter().any(|row| row.local == address && row.recv_queue > 0)
        })?;
        must_fail(joined(waiting)?)
    })?;
    stage.icmp_errors(&probe, address)?;

    stage.recover(met, |checks| {
        thread::scope(|scope| {
            let client = scope.spawn(|| stage.exchange(Udp, &[address]));
            // What the naive client and the probe sent, and the hardened client's first request, are lost.
            for _ in 0..3 {
                unread.receive_from(2048)?;
            }
            naive::server::answer_udp(&unread, answer)?;
            let arm = joined(client)??;
            checks.push(Check::equal("requests", "2", arm.attempts.to_string()));
            Ok(arm)
        })
    })
}
