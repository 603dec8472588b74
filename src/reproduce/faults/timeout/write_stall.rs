//! A server that accepts and does not read: the client sends until the buffers of both kernels are full, and its
//! next send waits.

use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LOOPBACK_4, PATIENCE_OF_NAIVE, Shown, Stage};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::{Choice, Socket};
use std::thread;

/// One send; two hundred of them are more than both buffers hold.
const CHUNK: usize = 64 * 1024;
const CHUNKS: usize = 200;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK_4)?;
    let client = Socket::new(&stage.actor("naive client"), Tcp, address)?
        .with(Choice::WriteLimit(PATIENCE_OF_NAIVE))?;
    client.connect(address)?;
    let _unread = listener.accept()?;
    let met = thread::scope(|scope| {
        let sending = scope.spawn(|| client.send_all(&vec![b'a'; CHUNKS * CHUNK]));
        // Which of its sends will be the last is known only when it has failed.
        stage.look_at_each_send("naive client", address.port())?;
        must_fail(joined(sending)?)
    })?;
    drop(listener);

    stage.recover(met, |_| {
        let address = stage.unused(Tcp, LOOPBACK_4)?;
        stage.serving(Tcp, address, || stage.exchange(Tcp, &[address]))
    })
}
