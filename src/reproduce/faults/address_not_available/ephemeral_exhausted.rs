//! A client opens connection after connection to one server until its ports are used up. It may choose among four,
//! where the kernel's own range has tens of thousands.

use crate::evidence;
use crate::failure::Protocol::Tcp;
use crate::naive;
use crate::reproduce::stage::{LINE, LOOPBACK_4, Recovery, Shown, Stage, answer, errno_of};
use crate::reproduce::trouble::{Trouble, joined, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::{Actor, Check, Fact, PortRange, Source};
use std::net::SocketAddr;
use std::thread;

/// How many ports the client has.
const PORTS: u16 = 4;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("server"), LOOPBACK_4)?;
    let naive = stage.actor("naive client");
    let range = few_ports()?;
    stage.eyes.keep((Source::Getsockopt, Fact::PortRange(range.clone())));
    let mut open: Vec<Socket> = Vec::new();
    let met = loop {
        let client = with_few_ports(&naive, address, &range)?;
        stage.sockets(Tcp, address.port())?;
        match client.connect(address) {
            Ok(()) if open.len() < usize::from(PORTS) => open.push(client),
            ended => break must_fail(ended)?,
        }
    };
    stage.sockets(Tcp, address.port())?;

    stage.recover(met, |checks| {
        let (_another, elsewhere) = stage.listener(&stage.actor("another server"), LOOPBACK_4)?;
        let there = with_few_ports(&naive, elsewhere, &range)?.connect(elsewhere);
        checks.push(Check::equal("another-destination", "ok", errno_of(&there)));
        let kept = open.first().ok_or_else(|| Trouble::broke("no connection is open"))?;
        thread::scope(|scope| {
            let serving = scope.spawn(|| naive::server::answer_tcp(&listener, answer));
            stage.actor("hardened client").note("uses a connection that it has");
            kept.send_all(LINE.as_bytes())?;
            let reply = kept.receive(1024)?;
            joined(serving)??;
            let result = String::from_utf8_lossy(&reply).into_owned();
            Ok(Recovery { result, attempts: 1, met: None })
        })
    })
}

fn with_few_ports(actor: &Actor, target: SocketAddr, range: &PortRange) -> Result<Socket, Trouble> {
    let few = Choice::PortRange(range.first, range.last);
    Socket::new(actor, Tcp, target)?.with(few).map_err(|failure| Trouble::Unsupported {
        needs: format!("IP_LOCAL_PORT_RANGE, Linux 6.3 ({failure})"),
    })
}

/// The last few of those that the kernel gives out, none of them reserved.
fn few_ports() -> Result<PortRange, Trouble> {
    let Fact::PortRange(all) = evidence::port_range()?.1 else {
        return Err(Trouble::broke("no range of ports"));
    };
    let mut first = all.last.saturating_sub(PORTS - 1);
    while first > all.first && (first..first + PORTS).any(|port| all.reserved.contains(&port)) {
        first -= 1;
    }
    if first < all.first {
        return Err(Trouble::Unsupported { needs: format!("{PORTS} ports in net.ipv4.ip_local_port_range") });
    }
    Ok(PortRange { first, last: first + (PORTS - 1), reserved: Vec::new() })
}
