//! A server that keeps every connection, until it may open no more: the next client waits in the queue, and `accept`
//! fails. The limit is this process's own, lowered for a moment, in which nothing else may run.

use crate::evidence;
use crate::failure::Protocol::Tcp;
use crate::reproduce::process::FewDescriptors;
use crate::reproduce::stage::{LINE, LOOPBACK_4, PATIENCE, Recovery, Shown, Stage, answer, errno_of};
use crate::reproduce::trouble::{Trouble, must_fail};
use crate::socket::{Choice, Socket};
use crate::trace::{Check, Descriptors, Fact};

/// How many connections the server may have.
const FEW: usize = 3;

pub(in crate::reproduce) fn play(stage: &Stage) -> Result<Shown, Trouble> {
    let (listener, address) = stage.listener(&stage.actor("naive server"), LOOPBACK_4)?;
    let connected = |_| {
        let client = Socket::new(&stage.actor("clients"), Tcp, address)?.with(Choice::ReadLimit(PATIENCE))?;
        client.connect(address)?;
        Ok(client)
    };
    let clients: Vec<Socket> = (0..=FEW).map(connected).collect::<Result<_, Trouble>>()?;
    let mut kept = Vec::new();
    let few = FewDescriptors::leave(FEW)?;
    let met = loop {
        match listener.accept() {
            Ok(connection) if kept.len() < clients.len() => kept.push(connection),
            ended => break must_fail(ended)?,
        }
    };
    // To look needs a descriptor too.
    let limit = few.lift();
    stage.sockets(Tcp, address.port())?;
    let (source, fact) = evidence::descriptors(std::process::id())?;
    if let Fact::Descriptors(now) = fact {
        stage.eyes.keep((source, Fact::Descriptors(Descriptors { limit, ..now })));
    }

    stage.recover(met, |checks| {
        let none = FewDescriptors::leave(0)?;
        let still = errno_of(&listener.accept());
        stage.actor("hardened server").note("closes the connection that was idle longest");
        let next = kept.len();
        kept.remove(0).close();
        let served = listener.accept()?;
        none.lift();
        checks.push(Check::equal("before-closing-one", "EMFILE", still));
        let waiting = clients.get(next).ok_or_else(|| Trouble::broke("no client waits"))?;
        waiting.send_all(LINE.as_bytes())?;
        let request = served.receive(1024)?;
        served.send_all(answer(&String::from_utf8_lossy(&request)).as_bytes())?;
        let result = String::from_utf8_lossy(&waiting.receive(1024)?).into_owned();
        Ok(Recovery { result, attempts: 2, met: None })
    })
}
