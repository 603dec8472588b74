//! A server's listening socket, which closes and opens again on the same port.

use crate::readiness::Listener;
use mio::net::TcpStream;
use mio::{Registry, Token};
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Connections that wait to be accepted: a herd must not be refused by the kernel before the server sees it.
const BACKLOG: i32 = 1024;

/// The door of one server.
#[derive(Debug)]
pub(super) struct Door {
    address: SocketAddr,
    /// Bound: it listens before it is watched, and while the door is closed it keeps the port from others.
    bound: Option<Socket>,
    listener: Option<Listener>,
}

impl Door {
    /// A door on a free port, which listens from now on.
    pub(super) fn new() -> io::Result<Self> {
        let socket = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        socket.listen(BACKLOG)?;
        let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Self { address, bound: Some(socket), listener: None })
    }

    /// Where it is.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets clients in.
    pub(super) fn open(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        let socket = self.bound.take().map_or_else(|| bind(self.address), Ok)?;
        socket.listen(BACKLOG)?;
        self.listener = Some(Listener::watch(socket.into(), registry, token)?);
        Ok(())
    }

    /// Has the kernel refuse whoever comes. The port stays bound: else the kernel could give it to a client of this
    /// very run, which would then connect to itself.
    pub(super) fn close(&mut self) -> io::Result<()> {
        if self.listener.take().is_some() {
            self.bound = Some(bind(self.address)?);
        }
        Ok(())
    }

    /// An event told of connections.
    pub(super) fn note(&mut self) {
        if let Some(listener) = &mut self.listener {
            listener.note();
        }
    }

    /// When it may accept again, if it had to rest.
    pub(super) fn rests(&self, now: Duration) -> Option<Duration> {
        self.listener.as_ref().and_then(Listener::rests).filter(|until| *until > now)
    }

    /// The next connection, if one waits.
    pub(super) fn accept(&mut self, now: Duration) -> Option<TcpStream> {
        let listener = self.listener.as_mut()?;
        while listener.may_accept(now) {
            if let Ok((stream, _)) = listener.accept(now)? {
                return Some(stream);
            }
        }
        None
    }
}

fn bind(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Connections that were broken off may still hold the port. On Windows the option means something else, and
    // such connections hold nothing.
    if cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    Ok(socket)
}
