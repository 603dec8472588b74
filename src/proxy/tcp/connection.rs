//! A connection from a client, and the one to the server that belongs to it.

use super::flow::{Flow, Step};
use super::{Side, Turn};
use crate::impair::Direction;
use crate::proxy::stream::Link;
use mio::event::Event;
use mio::net::TcpStream;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// A client, and its server once that is reached.
#[derive(Debug)]
pub(in crate::proxy) struct Connection {
    /// The proxy that it came to.
    pub(in crate::proxy) proxy: usize,
    /// Counted from 1 in its proxy.
    pub(in crate::proxy) number: u64,
    /// The address of the client.
    pub(in crate::proxy) peer: SocketAddr,
    pub(in crate::proxy) client: Side,
    pub(in crate::proxy) server: Server,
    up: Flow,
    down: Flow,
    /// The turn that is planned, if one is.
    pub(in crate::proxy) planned: Duration,
}

/// How far the way to the server is.
#[derive(Debug)]
pub(in crate::proxy) enum Server {
    /// Its name is looked up.
    Wanted,
    /// It is called.
    Dialled(Box<Dial>),
    /// It is there.
    Reached(Side),
}

/// A call to the server that is not answered yet.
#[derive(Debug)]
pub(in crate::proxy) struct Dial {
    pub(in crate::proxy) stream: TcpStream,
    pub(in crate::proxy) to: SocketAddr,
    /// Addresses to be tried after this one.
    pub(in crate::proxy) left: Vec<SocketAddr>,
    /// When it was called.
    pub(in crate::proxy) since: Duration,
}

/// What follows from a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::proxy) enum Next {
    Wait,
    Again,
    Forget,
}

impl Dial {
    /// Whether the server has answered; `None` when it has not yet.
    pub(in crate::proxy) fn answer(&self) -> Option<io::Result<()>> {
        match self.stream.take_error() {
            Ok(None) => match self.stream.peer_addr() {
                Ok(_) => Some(Ok(())),
                Err(error) if error.kind() == io::ErrorKind::NotConnected => None,
                Err(error) => Some(Err(error)),
            },
            Ok(Some(error)) | Err(error) => Some(Err(error)),
        }
    }
}

impl Connection {
    pub(in crate::proxy) fn new(proxy: usize, number: u64, peer: SocketAddr, client: TcpStream) -> Self {
        Self {
            proxy,
            number,
            peer,
            client: Side::new(client),
            server: Server::Wanted,
            up: Flow::new(Direction::Upstream),
            down: Flow::new(Direction::Downstream),
            planned: Duration::MAX,
        }
    }

    /// The server has answered.
    pub(in crate::proxy) fn reached(&mut self) {
        if let Server::Dialled(dial) = std::mem::replace(&mut self.server, Server::Wanted) {
            self.server = Server::Reached(Side::new(dial.stream));
        }
    }

    /// What an event told of the server.
    pub(in crate::proxy) fn note_server(&mut self, event: &Event) {
        if let Server::Reached(server) = &mut self.server {
            server.note(event);
        }
    }

    /// Moves what can be moved, each way.
    pub(in crate::proxy) fn turn(&mut self, turn: &mut Turn) -> Next {
        let Server::Reached(server) = &mut self.server else { return Next::Wait };
        let up = self.up.turn(&mut self.client, server, turn);
        std::mem::swap(turn.acts, turn.down);
        let down = self.down.turn(server, &mut self.client, turn);
        std::mem::swap(turn.acts, turn.down);
        for step in [up, down] {
            if step == Step::Reset {
                self.reset();
                return Next::Forget;
            }
            if step == Step::Close {
                return Next::Forget;
            }
        }
        if self.up.is_done() && self.down.is_done() {
            return Next::Forget;
        }
        if [up, down].contains(&Step::Again) { Next::Again } else { Next::Wait }
    }

    /// Makes both closes a RST.
    pub(in crate::proxy) fn reset(&self) {
        self.client.reset_on_close();
        if let Server::Reached(server) = &self.server {
            server.reset_on_close();
        }
    }

    /// Puts the toxics of one direction in that there are now.
    pub(in crate::proxy) fn sync(
        &mut self,
        way: Direction,
        wanted: &[(u64, u64)],
        now: Duration,
        make: impl FnMut((u64, u64)) -> Option<Link>,
    ) {
        let flow = if way == Direction::Upstream { &mut self.up } else { &mut self.down };
        flow.sync(wanted, now, make);
    }

    /// When it has to be looked at again.
    pub(in crate::proxy) fn due(&self) -> Duration {
        self.up.due().min(self.down.due())
    }

    /// Bytes that it holds.
    pub(in crate::proxy) fn bytes(&self) -> usize {
        self.up.bytes() + self.down.bytes()
    }

    /// Whether nothing is on its way.
    pub(in crate::proxy) fn is_empty(&self) -> bool {
        self.up.is_empty() && self.down.is_empty()
    }
}
