//! A server that closes after its reply, and a client that goes on sending: the first send is answered with RST, the
//! second fails.

use crate::failure::Protocol::Tcp;
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, Shown, Stage, answer, errno_of};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::Socket;
use crate::trace::{Check, SocketState};
use std::thread;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK_4)?;
    let client = Socket::new(&stage.actor("naive client"), Tcp, address)?;
    client.connect(address)?;
    let local = client.local();
    thread::scope(|scope| {
        let serving = scope.spawn(|| naive::server::answer_tcp(&listener, answer));
        client.send_all(LINE.as_bytes())?;
        client.receive(1024)?;
        joined(serving)?.map_err(Trouble::from)
    })?;
    stage.sockets_when(Tcp, address.port(), "the server to have closed", |rows| {
        rows.iter().any(|row| Some(row.local) == local && row.state == SocketState::CloseWait)
    })?;
    let first = errno_of(&client.send(LINE.as_bytes()));
    stage.sockets_when(Tcp, address.port(), "the answer to the first send", |rows| {
        !rows.iter().any(|row| Some(row.local) == local)
    })?;
    let met = must_fail(client.send(LINE.as_bytes()).and_then(|_| client.send(LINE.as_bytes())))?;

    stage.recover(met, |checks| {
        checks.push(Check::equal("first-send", "ok", first));
        thread::scope(|scope| {
            let serving = scope.spawn(|| naive::server::answer_tcp(&listener, answer));
            let arm = stage.exchange(Tcp, &[address])?;
            joined(serving)??;
            Ok(arm)
        })
    })
}
