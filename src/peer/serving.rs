//! What servers share: their sockets, a thread for each connection, and going on whatever happens.

use crate::failure::{Failure, Protocol};
use crate::socket::Socket;
use crate::trace::Actor;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

/// How long a server rests that gets no connection for want of descriptors, memory or threads.
const REST: Duration = Duration::from_millis(50);
/// The longest datagram.
const LONGEST: usize = 65_535;

/// What a server does with whoever comes.
pub trait Serve: Send + Sync {
    /// Serves one connection to its end.
    fn connection(&self, client: Socket);

    /// Serves one datagram: gives the answer to it, if there is one.
    fn datagram(&self, data: &[u8]) -> Option<Vec<u8>>;

    /// Whether it takes its time for a datagram, so that the next one is not to wait for it.
    fn takes_its_time(&self) -> bool {
        false
    }
}

/// A socket that can be bound again while old connections are in `TIME_WAIT`. Over TCP it listens, with so many
/// connections that may wait.
pub fn bind(actor: &Actor, protocol: Protocol, address: SocketAddr, backlog: i32) -> Result<Socket, Failure> {
    let socket = Socket::bound_for_server(actor, protocol, address)?;
    if protocol == Protocol::Tcp {
        socket.listen(backlog)?;
    }
    Ok(socket)
}

/// A socket that has the address, without any option, and does nothing with it.
pub fn hold(actor: &Actor, protocol: Protocol, address: SocketAddr) -> Result<Socket, Failure> {
    let socket = Socket::new(actor, protocol, address)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Serves whoever comes to `socket`, for ever.
pub fn serve(protocol: Protocol, socket: &Socket, role: &dyn Serve) -> ! {
    match protocol {
        Protocol::Tcp => serve_tcp(socket, role),
        Protocol::Udp => serve_udp(socket, role),
    }
}

fn serve_tcp(listener: &Socket, role: &dyn Serve) -> ! {
    thread::scope(|scope| {
        loop {
            let started = listener.accept().is_ok_and(|client| {
                let named = thread::Builder::new().name("netfault-peer".into());
                named.spawn_scoped(scope, || role.connection(client)).is_ok()
            });
            if !started {
                thread::sleep(REST);
            }
        }
    })
}

fn serve_udp(socket: &Socket, role: &dyn Serve) -> ! {
    thread::scope(|scope| {
        loop {
            let Ok((data, client)) = socket.receive_from(LONGEST) else {
                thread::sleep(REST);
                continue;
            };
            let answer = move || {
                if let Some(reply) = role.datagram(&data) {
                    // A client that cannot be answered is one that gets no answer.
                    let _ = socket.send_to(&reply, client);
                }
            };
            if !role.takes_its_time() {
                answer();
                continue;
            }
            // Without a thread for it, it is lost, as datagrams are.
            let _ = thread::Builder::new().name("netfault-peer".into()).spawn_scoped(scope, answer);
        }
    })
}
