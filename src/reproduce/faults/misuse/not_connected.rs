//! A server reads from its listener instead of the connection that `accept` gives.

use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LINE, LOOPBACK_4, Recovery, Shown, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::socket::Socket;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("naive server"), LOOPBACK_4)?;
    let client = Socket::new(&stage.actor("client"), Tcp, address)?;
    client.connect(address)?;
    client.send_all(LINE.as_bytes())?;
    let met = must_fail(listener.receive(1024))?;
    stage.own_socket(&listener)?;

    stage.recover(met, |_| {
        let request = listener.accept()?.receive(1024)?;
        let result = format!("{} from the connection", String::from_utf8_lossy(&request));
        Ok(Recovery { result, attempts: 1, met: None })
    })
}
