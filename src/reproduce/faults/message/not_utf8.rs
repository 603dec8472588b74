//! A client sends bytes that no text in UTF-8 has; the naive server decodes them, and dies.

use crate::failure::Protocol::Tcp;
use crate::failure::{Op, Why};
use crate::reproduce::stage::{LOOPBACK_4, PATIENCE, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::socket::{Choice, Socket};
use crate::trace::Check;

/// `Café` in Latin-1: 0xE9 begins a letter of three bytes in UTF-8, and none follow.
const LATIN_1: &[u8] = b"Caf\xe9";

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("naive server"), LOOPBACK_4)?;
    let client = Socket::new(&stage.actor("client"), Tcp, address)?;
    client.connect(address)?;
    client.send_all(LATIN_1)?;
    let served = listener.accept()?;
    stage.eyes.waiting(served.as_inner())?;
    let bytes = served.receive(1024)?;
    if String::from_utf8(bytes).is_ok() {
        return Err(Trouble::broke("the bytes came as text"));
    }
    let met = served.reject(Op::Receive, Why::NotUtf8);

    stage.recover(met, |checks| {
        let address = stage.unused(Tcp, LOOPBACK_4)?;
        stage.serving(Tcp, address, || {
            let client =
                Socket::new(&stage.actor("client"), Tcp, address)?.with(Choice::ReadLimit(PATIENCE))?;
            client.connect(address)?;
            client.send_all(&[LATIN_1, b"\n"].concat())?;
            let reply = client.receive(1024)?;
            let kind = if reply.starts_with(b"ERR ") { "an error" } else { "something else" };
            checks.push(Check::equal("reply", "an error", kind));
            stage.exchange(Tcp, &[address])
        })
    })
}
