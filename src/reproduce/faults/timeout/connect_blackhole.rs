//! A firewall drops whatever goes to the server's port: the kernel sends the SYN again and again, until it gives up.

use crate::failure::{Failure, Protocol::Tcp};
use crate::fault::Fault;
use crate::naive;
use crate::reproduce::network::{CLIENT, Lab};
use crate::reproduce::stage::{LINE, Shown, Stage};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::trace::SocketState;
use crate::vnet::Answer;
use std::net::SocketAddr;
use std::thread;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let lab = Lab::pair(stage)?;
    let (address, over_v6) = (lab.unused(false)?, lab.unused(true)?);
    lab.serving(address, || {
        let met = ask(stage, &lab, address)?;
        stage.recover(met, |checks| {
            let met = ask(stage, &lab, over_v6)?;
            checks.push(stage.is_judged("ipv6", Fault::ConnectBlackhole, &met));
            drop_all(&lab, address)?;
            lab.client_recovers(address, || lab.no_filter("the firewall allows the port"))
        })
    })
}

fn drop_all(lab: &Lab, address: SocketAddr) -> Result<(), Trouble> {
    lab.filter("a firewall drops what goes to the server's port", address.port(), "firewall", Answer::Drop)
}

/// A naive client asks; the socket table is read when its SYN has gone out again.
fn ask(stage: &Stage, lab: &Lab, asked: SocketAddr) -> Result<Failure, Trouble> {
    drop_all(lab, asked)?;
    lab.on(CLIENT, || {
        thread::scope(|scope| {
            let naive = stage.actor("naive client");
            let waiting = scope.spawn(move || naive::client::tcp(&naive, asked, LINE, None));
            stage.sockets_when(Tcp, asked.port(), "the SYN to be sent again", |rows| {
                rows.iter().any(|row| {
                    row.state == SocketState::SynSent
                        && row.tcp.is_some_and(|tcp| tcp.total_retransmissions > 0)
                })
            })?;
            must_fail(joined(waiting)?)
        })
    })
}
