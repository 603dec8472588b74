//! A server that serves one client at a time, and a client that connects and says nothing: the next one gets a
//! connection from the kernel, and an answer from nobody.

use crate::failure::Op;
use crate::failure::Protocol::Tcp;
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, PATIENCE_OF_NAIVE, Shown, Stage, answer};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::Socket;
use crate::trace::SocketState;
use std::thread;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("sequential server"), LOOPBACK_4)?;
    let idle = Socket::new(&stage.actor("idle client"), Tcp, address)?;
    idle.connect(address)?;
    let met = thread::scope(|scope| {
        // Ends when the idle client leaves, at the end of this block.
        let idle = idle;
        let serving = scope.spawn(|| naive::server::answer_tcp(&listener, answer));
        let naive = stage.actor("naive client");
        let waiting = scope.spawn(move || naive::client::tcp(&naive, address, LINE, Some(PATIENCE_OF_NAIVE)));
        stage.wait_for_call("naive client", Op::Receive)?;
        stage.sockets_when(Tcp, address.port(), "a request that nobody accepts", |rows| {
            rows.iter().any(|row| {
                row.state == SocketState::Established
                    && row.local == address
                    && !row.is_held()
                    && row.recv_queue > 0
            })
        })?;
        let met = must_fail(joined(waiting)?)?;
        drop(idle);
        joined(serving)??;
        Ok::<_, Trouble>(met)
    })?;
    drop(listener);

    stage.recover(met, |_| {
        let address = stage.unused(Tcp, LOOPBACK_4)?;
        stage.serving(Tcp, address, || {
            let idle = Socket::new(&stage.actor("idle client"), Tcp, address)?;
            idle.connect(address)?;
            stage.exchange(Tcp, &[address])
        })
    })
}
