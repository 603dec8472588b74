//! A listener that never accepts: its queue is full, and the kernel drops every further SYN.

use crate::failure::Protocol::Tcp;
use crate::naive;
use crate::reproduce::stage::{LOOPBACK_4, Shown, Stage, answer};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::{SocketRow, SocketState};
use std::thread;
use std::time::Duration;

/// When the kernel shall give up a connect that nobody answers. By itself it takes more than two minutes.
const KERNEL_GIVES_UP: Duration = Duration::from_millis(1800);

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let server = stage.actor("server");
    let (listener, address) = stage.bound(&server, Tcp, LOOPBACK_4)?;
    listener.listen(0)?;
    let first = Socket::new(&stage.actor("first client"), Tcp, address)?;
    first.connect(address)?;
    let full = |row: &SocketRow| row.state == SocketState::Listen && row.recv_queue > row.send_queue;
    stage.sockets_when(Tcp, address.port(), "the accept queue to be full", |rows| rows.iter().any(full))?;

    let naive = Socket::new(&stage.actor("naive client"), Tcp, address)?
        .with(Choice::UserTimeout(KERNEL_GIVES_UP))?;
    let met = thread::scope(|scope| {
        let connecting = scope.spawn(|| naive.connect(address));
        let repeated = |row: &SocketRow| {
            row.state == SocketState::SynSent && row.tcp.is_some_and(|tcp| tcp.total_retransmissions > 0)
        };
        stage.sockets_when(Tcp, address.port(), "the SYN to be sent again", |rows| {
            rows.iter().any(repeated) && rows.iter().any(full)
        })?;
        must_fail(joined(connecting)?)
    })?;

    stage.recover(met, |_| {
        thread::scope(|scope| {
            let client = scope.spawn(|| stage.exchange(Tcp, &[address]));
            stage.wait_until_client_failed()?;
            server.note("starts to accept");
            drop(first);
            for _first_then_hardened in 0..2 {
                naive::server::answer_tcp(&listener, answer)?;
            }
            joined(client)?
        })
    })
}
