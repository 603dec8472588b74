//! A client makes an IPv4 socket, and gives it the IPv6 address that the name stands for.

use crate::failure::Protocol::Tcp;
use crate::reproduce::stage::{LOOPBACK_4, LOOPBACK_6, Shown, Stage};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::socket::Socket;
use std::net::SocketAddr;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let address = stage.unused(Tcp, LOOPBACK_6)?;
    stage.serving(Tcp, address, || {
        let of_ipv4 = SocketAddr::new(LOOPBACK_4, 0);
        let naive = Socket::new(&stage.actor("naive client"), Tcp, of_ipv4)?;
        let met = must_fail(naive.connect(address))?;
        stage.own_socket(&naive)?;
        stage.recover(met, |_| stage.exchange(Tcp, &[address]))
    })
}
