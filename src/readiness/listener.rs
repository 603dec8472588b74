//! A listening socket and how it goes on when a connection cannot be accepted.

use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

/// How long accept rests when the process, or the system, has no more file descriptors or memory for sockets.
const REST: Duration = Duration::from_millis(100);

/// A listener of one event loop.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    /// An event told of connections, and accept has not yet said that there are none.
    ready: bool,
    /// Until when accept rests.
    rests: Option<Duration>,
    /// Accept has failed for want of resources, which was said; until nobody waits any more it is not said again.
    starved: bool,
}

impl Listener {
    /// Begins to watch the socket.
    pub fn watch(socket: std::net::TcpListener, registry: &Registry, token: Token) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let mut socket = TcpListener::from_std(socket);
        registry.register(&mut socket, token, Interest::READABLE)?;
        Ok(Self { socket, address, ready: false, rests: None, starved: false })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// An event told of connections.
    pub fn note(&mut self) {
        self.ready = true;
    }

    /// When accept may be tried again, if it rests.
    pub fn rests(&self) -> Option<Duration> {
        self.rests
    }

    /// Whether a connection may be had now.
    pub fn may_accept(&self, now: Duration) -> bool {
        self.ready && self.rests.is_none_or(|until| until <= now)
    }

    /// The next connection, if there is one, or why it could not be had.
    pub fn accept(&mut self, now: Duration) -> Option<io::Result<(TcpStream, SocketAddr)>> {
        match self.socket.accept() {
            Ok(accepted) => {
                self.rests = None;
                Some(Ok(accepted))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.ready = false;
                self.rests = None;
                if std::mem::take(&mut self.starved) {
                    tracing::info!(listener = %self.address, "has accepted all that waited");
                }
                None
            }
            Err(error) => {
                self.failed(now, &error);
                Some(Err(error))
            }
        }
    }

    /// ECONNABORTED and its like are about one connection, which is gone (accept(2)): the next may be had at once.
    /// Want of resources lasts: accept rests, and the log says so once.
    fn failed(&mut self, now: Duration, error: &io::Error) {
        if is_about_one_connection(error) {
            tracing::debug!(listener = %self.address, %error, "a connection ended before it was accepted");
            return;
        }
        self.rests = Some(now + REST);
        if !std::mem::replace(&mut self.starved, true) {
            tracing::warn!(listener = %self.address, %error, "accept pauses until there is room");
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::Interrupted
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::TimedOut
            | ErrorKind::PermissionDenied
    )
}
