//! A client whose socket does not wait asks for the reply before it is there.

use crate::failure::Protocol::Tcp;
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, Recovery, Shown, Stage, answer};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::SocketState;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK_4)?;
    let mut client = Socket::new(&stage.actor("naive client"), Tcp, address)?;
    client.connect(address)?;
    client.set(Choice::NonBlocking)?;
    client.send_all(LINE.as_bytes())?;
    let met = must_fail(client.receive(1024))?;
    stage.own_socket(&client)?;

    stage.recover(met, |_| {
        naive::server::answer_tcp(&listener, answer)?;
        stage.actor("hardened client").note("waits until the socket is readable");
        stage.sockets_when(Tcp, address.port(), "the reply to be there", |rows| {
            rows.iter()
                .any(|row| row.peer == address && row.recv_queue > 0 && row.state != SocketState::SynSent)
        })?;
        let result = String::from_utf8_lossy(&client.receive(1024)?).into_owned();
        Ok(Recovery { result, attempts: 2, met: None })
    })
}
