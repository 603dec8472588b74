//! Connections of the clients to the servers. One carries one attempt that is waited for, so that a RST hits one
//! attempt; one whose attempt has timed out carries the next, and the late reply is told by its number. So a run
//! opens as many connections as there are attempts at the same time, and not one for each: unless the way hits
//! connections by lot, where what hits one attempt must not hit the next.

use super::frame::{Reply, Request};
use super::link::Link;
use mio::net::TcpStream;
use mio::{Registry, Token};
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;

/// All connections of the clients.
#[derive(Debug)]
pub(super) struct Pool {
    registry: Registry,
    servers: Vec<SocketAddr>,
    lines: BTreeMap<usize, Line>,
    /// By server: connections that nobody uses.
    free: Vec<Vec<usize>>,
    next: usize,
    /// Whether each attempt has a connection of its own.
    one_each: bool,
}

#[derive(Debug)]
struct Line {
    link: Link,
    server: usize,
    attempt: Option<usize>,
}

/// What an event on a connection told.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub replies: Vec<Reply>,
    /// The attempt that was waited for on a connection that broke.
    pub broken: Option<usize>,
}

impl Pool {
    pub(super) fn new(registry: Registry, servers: Vec<SocketAddr>, one_each: bool) -> Self {
        let free = servers.iter().map(|_| Vec::new()).collect();
        Self { registry, servers, lines: BTreeMap::new(), free, next: 0, one_each }
    }

    /// Sends an attempt to a server: on which connection.
    pub(super) fn send(&mut self, server: usize, attempt: usize, request: Request) -> io::Result<usize> {
        let number = match self.free[server].pop() {
            Some(number) => number,
            None => self.connect(server)?,
        };
        let line = self.lines.get_mut(&number).ok_or(io::ErrorKind::NotConnected)?;
        line.attempt = Some(attempt);
        if let Err(error) = line.link.send(&request.bytes()) {
            self.lines.remove(&number);
            return Err(error);
        }
        Ok(number)
    }

    /// Nobody waits for the attempt on this connection any more.
    pub(super) fn release(&mut self, number: usize) {
        if let Some(line) = self.lines.get_mut(&number)
            && line.attempt.take().is_some()
            && !self.one_each
        {
            self.free[line.server].push(number);
        }
    }

    /// Hears what came on a connection.
    pub(super) fn hear(&mut self, number: usize) -> Heard {
        let mut heard = Heard::default();
        let Some(line) = self.lines.get_mut(&number) else { return heard };
        let outcome = line.link.flush().and_then(|()| {
            let read = line.link.receive()?;
            heard.replies.extend(std::iter::from_fn(|| Reply::take(read)));
            Ok(())
        });
        let is_used_up = self.one_each && !heard.replies.is_empty();
        if outcome.is_err() {
            heard.broken = line.attempt;
            self.free[line.server].retain(|free| *free != number);
        }
        if (outcome.is_err() || is_used_up)
            && let Some(line) = self.lines.remove(&number)
        {
            line.link.reset();
        }
        heard
    }

    /// Ends all connections.
    pub(super) fn close(self) {
        for line in self.lines.into_values() {
            line.link.reset();
        }
    }

    fn connect(&mut self, server: usize) -> io::Result<usize> {
        let number = self.next;
        self.next += 1;
        let stream = TcpStream::connect(self.servers[server])?;
        let link = Link::watch(stream, &self.registry, Token(number))?;
        self.lines.insert(number, Line { link, server, attempt: None });
        Ok(number)
    }
}

/// Whether an error tells of the server, and not of this machine.
pub(super) fn is_the_servers(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, NotConnected};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionRefused | ConnectionReset | NotConnected
    )
}
