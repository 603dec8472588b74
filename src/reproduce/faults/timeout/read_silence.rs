//! A server that takes the request and never replies.

use crate::failure::Protocol::Tcp;
use crate::failure::{Failure, Op};
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, PATIENCE_OF_NAIVE, Shown, Stage, answer};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::Socket;
use crate::trace::SocketState;
use std::thread;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK_4)?;
    let silent = thread::scope(|scope| {
        let naive = stage.actor("naive client");
        let waiting = scope.spawn(move || naive::client::tcp(&naive, address, LINE, Some(PATIENCE_OF_NAIVE)));
        let _unanswered = take_request(&listener)?;
        stage.wait_for_call("naive client", Op::Receive)?;
        stage.sockets_when(Tcp, address.port(), "the request to be taken and acknowledged", |rows| {
            let established = || rows.iter().filter(|row| row.state == SocketState::Established);
            let taken = established().any(|row| row.local == address && row.is_held() && row.recv_queue == 0);
            let acknowledged = established()
                .any(|row| row.peer == address && row.tcp.is_some_and(|tcp| tcp.bytes_acknowledged > 0));
            taken && acknowledged
        })?;
        must_fail(joined(waiting)?)
    })?;

    stage.recover(silent, |_| {
        thread::scope(|scope| {
            let client = scope.spawn(|| stage.exchange(Tcp, &[address]));
            let _unanswered = take_request(&listener)?;
            naive::server::answer_tcp(&listener, answer)?;
            joined(client)?
        })
    })
}

/// What a server does that hangs in its own work: the request is read, the connection stays open.
fn take_request(listener: &Socket) -> Result<Socket, Failure> {
    let client = listener.accept()?;
    client.receive(1024)?;
    Ok(client)
}
