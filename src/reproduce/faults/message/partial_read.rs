//! A request of 3000 bytes and a server that takes what one `recv` gives for all of it.

use crate::failure::Protocol::Tcp;
use crate::failure::{Op, Why};
use crate::reproduce::stage::{LOOPBACK_4, Shown, Stage};
use crate::reproduce::trouble::Trouble;
use crate::socket::Socket;

const SENT: usize = 3000;
/// What the course module's servers ask for.
const BUFFER: usize = 1024;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("naive server"), LOOPBACK_4)?;
    let client = Socket::new(&stage.actor("client"), Tcp, address)?;
    client.connect(address)?;
    let request = "a".repeat(SENT);
    client.send_all(request.as_bytes())?;
    let served = listener.accept()?;
    stage.sockets_when(Tcp, address.port(), "all of the request to have come", |rows| {
        rows.iter().any(|row| row.local == address && row.is_held() && row.recv_queue as usize == SENT)
    })?;
    let got = served.receive(BUFFER)?.len();
    if got >= SENT {
        return Err(Trouble::broke("one recv gave everything"));
    }
    let met = served.reject(Op::Receive, Why::Partial { got, wanted: SENT });
    stage.sockets(Tcp, address.port())?;

    stage.recover(met, |_| {
        let address = stage.unused(Tcp, LOOPBACK_4)?;
        let mut arm = stage.serving(Tcp, address, || stage.exchange_line(Tcp, &[address], &request))?;
        let wanted = SENT.to_string();
        if !arm.result.contains(&wanted) {
            return Err(Trouble::broke(format!("the server counted other than {wanted} characters")));
        }
        arm.result = format!("{SENT} characters, up to the line end");
        Ok(arm)
    })
}
