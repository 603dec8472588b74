//! A program closes its socket and goes on using it.

use crate::evidence;
use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LINE, LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::socket::Socket;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (_listener, address) = stage.listener(&stage.actor("server"), LOOPBACK_4)?;
    let client = Socket::new(&stage.actor("naive client"), Tcp, address)?;
    client.connect(address)?;
    let (met, number) = client
        .send_after_close(LINE.as_bytes())
        .map_err(|error| Trouble::broke(format!("a closed socket: {error}")))?;
    stage.eyes.keep(evidence::descriptor(number)?);

    stage.recover(met, |_| {
        let address = stage.unused(Tcp, LOOPBACK_4)?;
        stage.serving(Tcp, address, || stage.exchange(Tcp, &[address]))
    })
}
