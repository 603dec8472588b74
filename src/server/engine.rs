//! One thread of the server: waits until something can be done, and does it for every client in turn. What can
//! last (a slow client, want of file descriptors, a drain) is a state with a deadline and never a wait.

use super::client::{Client, Next};
use super::clients::Clients;
use super::clock::Clock;
use super::connection::{Connection, Step};
use super::datagrams::Datagrams;
use super::model::Shape;
use super::shutdown::Phase;
use super::{Settings, Shutdown, Summary};
use crate::readiness::Listener;
use crate::transform::{self, Refusal};
use mio::event::Event;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token, Waker};
use std::io::{self, ErrorKind, Write as _};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

/// Events taken from the kernel at once.
const EVENTS: usize = 1024;

/// Room to read into, shared by all clients.
const INPUT: usize = 64 * 1024;

/// Connections accepted before the clients have their turn.
const ACCEPTS: usize = 64;

/// Deadlines are looked at no more often than this.
const GRAIN: Duration = Duration::from_millis(25);

const WAKER: Token = Token(0);

/// Sockets, clients and clock of one thread.
#[derive(Debug)]
pub(super) struct Engine<'a> {
    settings: &'a Settings,
    shape: Shape,
    poll: Poll,
    listeners: Vec<Listener>,
    datagrams: Vec<Datagrams>,
    /// The tokens: the waker, then the listeners, then the UDP sockets from here, then the clients.
    first_datagrams: usize,
    first_client: usize,
    clients: Clients,
    /// Clients and UDP sockets, by token, that need another turn without an event.
    again: Vec<Token>,
    clock: Clock,
    /// No deadline passes before this.
    sweep: Duration,
    /// When the drain is over, once it has begun.
    drained: Option<Duration>,
    input: Vec<u8>,
    out: Vec<u8>,
    summary: Summary,
}

impl<'a> Engine<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        shape: Shape,
        tcp: Vec<TcpListener>,
        udp: Vec<UdpSocket>,
        shutdown: &Shutdown,
    ) -> io::Result<Self> {
        let poll = Poll::new()?;
        let mut tokens = (1..).map(Token);
        let listeners: Vec<_> = tcp
            .into_iter()
            .zip(&mut tokens)
            .map(|(socket, token)| Listener::watch(socket, poll.registry(), token))
            .collect::<io::Result<_>>()?;
        let datagrams: Vec<_> = udp
            .into_iter()
            .zip(&mut tokens)
            .map(|(socket, token)| Datagrams::watch(socket, poll.registry(), token))
            .collect::<io::Result<_>>()?;
        shutdown.attach(Waker::new(poll.registry(), WAKER)?)?;
        Ok(Self {
            settings,
            shape,
            poll,
            first_datagrams: 1 + listeners.len(),
            first_client: 1 + listeners.len() + datagrams.len(),
            listeners,
            datagrams,
            clients: Clients::default(),
            again: Vec::new(),
            clock: Clock::new(),
            sweep: Duration::MAX,
            drained: None,
            input: vec![0; INPUT],
            out: Vec::new(),
            summary: Summary::default(),
        })
    }

    /// Serves until `shutdown` is asked for and done.
    pub(super) fn run(mut self, shutdown: &Shutdown) -> io::Result<Summary> {
        let mut events = Events::with_capacity(EVENTS);
        loop {
            match self.poll.poll(&mut events, self.timeout()) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => self.clock.tick(),
            }
            match shutdown.phase() {
                Phase::Serving => {}
                Phase::Draining => self.drain(),
                Phase::Over => return Ok(self.summary),
            }
            let mut again = std::mem::take(&mut self.again);
            for event in &events {
                self.event(event);
            }
            again.sort_unstable();
            again.dedup();
            for token in again {
                self.turn(token, None);
            }
            self.accept();
            if self.clock.now() >= self.sweep {
                self.expire();
            }
            if self.is_drained() {
                return Ok(self.summary);
            }
        }
    }

    /// Until something has to be done that no event tells of; `None` when there is nothing such.
    fn timeout(&self) -> Option<Duration> {
        let now = self.clock.now();
        if !self.again.is_empty()
            || self.listeners.iter().any(|it| self.takes_clients() && it.may_accept(now))
        {
            return Some(Duration::ZERO);
        }
        let rests = self.listeners.iter().filter_map(Listener::rests).filter(|until| *until > now);
        let next = rests.chain(self.drained).fold(self.sweep, Duration::min);
        (next < Duration::MAX).then(|| next.saturating_sub(now))
    }

    fn event(&mut self, event: &Event) {
        let token = event.token();
        if token == WAKER {
            return;
        }
        match self.listeners.get_mut(token.0 - 1) {
            Some(listener) => listener.note(),
            None => self.turn(token, Some(event)),
        }
    }

    /// Lets a client or a UDP socket do what it can.
    fn turn(&mut self, token: Token, event: Option<&Event>) {
        if let Some(index) = token.0.checked_sub(self.first_client) {
            let Some(client) = self.clients.at(index) else { return };
            if let Some(event) = event {
                client.note(event);
            }
            let mut step = Step::new(self.settings, &self.clock, &mut self.summary, &mut self.out);
            let next = client.turn(&mut self.input, &mut step);
            self.conclude(index, next);
            return;
        }
        let index = token.0.checked_sub(self.first_datagrams);
        let Some(datagrams) = index.and_then(|index| self.datagrams.get_mut(index)) else { return };
        let (registry, stamp) = (self.poll.registry(), self.clock.stamp());
        if datagrams.turn(registry, token, self.settings, stamp, &mut self.summary) == Next::Again {
            self.again.push(token);
        }
    }

    /// What follows from a client's turn.
    fn conclude(&mut self, index: usize, next: io::Result<Next>) {
        let Some(client) = self.clients.at(index) else { return };
        match next {
            Ok(Next::Wait) if self.drained.is_none() || !client.connection.is_idle() => {
                self.sweep = self.sweep.min(client.connection.due());
            }
            Ok(Next::Again) => self.again.push(Token(self.first_client + index)),
            Ok(Next::Wait | Next::Close) => self.close(index),
            Err(error) => {
                tracing::debug!(peer = %client.peer, %error, "connection failed");
                self.summary.fail(&error);
                self.close(index);
            }
        }
    }

    fn close(&mut self, index: usize) {
        if let Some(client) = self.clients.remove(index) {
            tracing::debug!(peer = %client.peer, "closed");
        }
    }

    fn takes_clients(&self) -> bool {
        self.shape.turns_away || self.clients.len() < self.shape.clients
    }

    /// Takes the connections that wait, in every listener.
    fn accept(&mut self) {
        for index in 0..self.listeners.len() {
            for _ in 0..ACCEPTS {
                let now = self.clock.now();
                if !(self.takes_clients() && self.listeners[index].may_accept(now)) {
                    break;
                }
                match self.listeners[index].accept(now) {
                    Some(Ok((stream, peer))) => self.welcome(stream, peer),
                    Some(Err(error)) => self.summary.fail(&error),
                    None => {}
                }
            }
        }
    }

    fn welcome(&mut self, mut stream: TcpStream, peer: SocketAddr) {
        if !self.settings.allows(peer.ip()) {
            tracing::debug!(%peer, "refused: not allowed");
            self.summary.refuse("not-allowed");
            return;
        }
        if self.clients.len() >= self.shape.clients {
            tracing::debug!(%peer, "refused: too many connections");
            self.turn_away(&mut stream);
            return;
        }
        let token = Token(self.first_client + self.clients.next_place());
        let interest = Interest::READABLE | Interest::WRITABLE;
        let ready = stream
            .set_nodelay(true)
            .and_then(|()| self.poll.registry().register(&mut stream, token, interest));
        match ready {
            Ok(()) => {
                tracing::debug!(%peer, "connected");
                let connection = Connection::new(self.clock.now(), &self.settings.limits);
                self.sweep = self.sweep.min(connection.due());
                self.clients.insert(Client::new(stream, peer, connection));
                self.summary.connections += 1;
            }
            Err(error) => {
                tracing::debug!(%peer, %error, "connection failed");
                self.summary.fail(&error);
            }
        }
    }

    /// Says why, as far as the socket takes it at once.
    fn turn_away(&mut self, stream: &mut TcpStream) {
        self.summary.refuse(Refusal::Busy.code());
        self.out.clear();
        transform::refuse(Refusal::Busy, self.settings.reply, &mut self.out);
        self.out.push(b'\n');
        if let Err(error) = stream.write_all(&self.out) {
            self.summary.fail(&error);
        }
        self.out.clear();
    }

    /// Looks at every deadline, and at when the next one passes.
    fn expire(&mut self) {
        let now = self.clock.now();
        for index in 0..self.clients.places() {
            let Some(client) = self.clients.at(index) else { continue };
            if client.connection.due() <= now {
                let mut step = Step::new(self.settings, &self.clock, &mut self.summary, &mut self.out);
                let next = client.expire(&mut step);
                self.conclude(index, next);
            }
        }
        let next = self.clients.iter().map(|client| client.connection.due()).min();
        self.sweep = next.map_or(Duration::MAX, |next| next.max(now + GRAIN));
    }

    /// Takes no more clients; answers what has arrived, and closes every connection that waits for nothing.
    fn drain(&mut self) {
        if self.drained.is_some() {
            return;
        }
        tracing::info!(connections = self.clients.len(), "drains");
        self.accept();
        self.listeners.clear();
        self.drained = Some(self.clock.now() + self.settings.drain);
        for token in self.first_datagrams..self.first_client + self.clients.places() {
            self.turn(Token(token), None);
        }
        self.datagrams.clear();
    }

    fn is_drained(&mut self) -> bool {
        let over = self.drained.is_some_and(|end| self.clock.now() >= end);
        if over && self.clients.len() > 0 {
            tracing::warn!(connections = self.clients.len(), "cut off at the end of the drain");
            (0..self.clients.len()).for_each(|_| self.summary.refuse("cut-off"));
        }
        over || (self.drained.is_some() && self.clients.len() == 0)
    }
}
