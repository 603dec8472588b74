//! A connection to the first of several addresses that answers, RFC 8305: the next address is tried when the one before
//! has failed, or has not answered within 250 ms.

use crate::failure::{Call, Failure, Op, Protocol, Why};
use crate::socket::Socket;
use crate::trace::{Actor, Deadline, Tried};
use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Connection Attempt Delay, RFC 8305 §5.
const NEXT_AFTER: Duration = Duration::from_millis(250);

/// A connection, and what became of the addresses that were tried for it.
pub(super) struct Connected {
    pub(super) tried: Vec<Tried>,
    /// The first failure when there is no connection.
    pub(super) socket: Result<Socket, Failure>,
}

/// Connects to one of `addresses`. Attempts that are given up end in threads of their
/// own.
pub(super) fn connect(actor: &Actor, addresses: &[SocketAddr], by: &Deadline) -> Connected {
    if let [address] = addresses {
        let socket = attempt(actor, *address, by);
        let failure = socket.as_ref().err().cloned();
        return Connected { tried: vec![Tried { address: *address, failure }], socket };
    }
    let (tell, told) = mpsc::channel();
    let mut tried: Vec<Tried> = Vec::new();
    let mut waiting = addresses.iter().copied();
    let mut under_way = 0;
    loop {
        if let Some(address) = waiting.next() {
            let (actor, by, tell) = (actor.clone(), by.clone(), tell.clone());
            let number = tried.len();
            tried.push(Tried { address, failure: None });
            under_way += 1;
            // Nobody listens any more when another attempt was faster.
            thread::spawn(move || tell.send((number, attempt(&actor, address, &by))));
        } else if under_way == 0 {
            let first = tried.iter().find_map(|one| one.failure.clone());
            let socket = Err(first.unwrap_or_else(|| no_address(actor)));
            return Connected { tried, socket };
        }
        let patience = if waiting.len() == 0 { Duration::MAX } else { NEXT_AFTER };
        match told.recv_timeout(patience) {
            Ok((_, Ok(socket))) => return Connected { tried, socket: Ok(socket) },
            Ok((number, Err(failure))) => {
                under_way -= 1;
                tried[number].failure = Some(failure);
            }
            // The next address's turn.
            Err(_) => {}
        }
    }
}

fn attempt(actor: &Actor, address: SocketAddr, by: &Deadline) -> Result<Socket, Failure> {
    let socket = Socket::new(actor, Protocol::Tcp, address)?;
    socket.connect_by(address, by)?;
    socket.to_another()
}

/// Who has no address cannot be connected to.
fn no_address(actor: &Actor) -> Failure {
    let call = Call::new(Op::Connect, Protocol::Tcp);
    let why = Why::Unresolved { name: String::new(), message: "there is no address".to_owned() };
    actor.failed(Failure { call, why, elapsed: Duration::ZERO })
}
