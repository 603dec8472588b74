//! Requests as datagrams. A datagram does not say which request it answers, so each request in flight has a socket of
//! its own; one whose answer did not come in time is thrown away, so that a late answer reaches nobody.

use super::again::Attempt;
use super::engine::{Lanes, Turn};
use super::tally::Because;
use super::tcp::REST;
use crate::failure::Op;
use mio::event::Event;
use mio::net::UdpSocket;
use mio::{Interest, Token};
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// Room for the largest datagram.
const INPUT: usize = 64 * 1024;

/// All sockets.
#[derive(Debug)]
pub(super) struct Datagrams {
    peer: SocketAddr,
    most: usize,
    all: Vec<Place>,
    /// Sockets without a request.
    free: Vec<usize>,
    /// Sockets that rest after an error.
    resting: VecDeque<(Duration, usize)>,
    /// Attempts for which there is no socket.
    waiting: VecDeque<Attempt>,
    text: Vec<u8>,
    input: Vec<u8>,
}

#[derive(Debug, Default)]
struct Place {
    socket: Option<UdpSocket>,
    /// The attempt that has no answer yet.
    open: Option<Attempt>,
}

impl Datagrams {
    pub(super) fn new(peer: SocketAddr, most: usize, text: &str) -> Self {
        Self {
            peer,
            most,
            all: Vec::new(),
            free: Vec::new(),
            resting: VecDeque::new(),
            waiting: VecDeque::new(),
            text: text.as_bytes().to_vec(),
            input: vec![0; INPUT],
        }
    }

    fn place(&mut self) -> Option<usize> {
        self.free.pop().or_else(|| {
            (self.all.len() < self.most).then(|| {
                self.all.push(Place::default());
                self.all.len() - 1
            })
        })
    }

    fn send(&mut self, index: usize, turn: &Turn) -> io::Result<()> {
        let place = &mut self.all[index];
        if place.socket.is_none() {
            let any = match self.peer {
                SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
                SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
            };
            let mut socket = UdpSocket::bind(any)?;
            socket.connect(self.peer)?;
            turn.registry.register(&mut socket, Token(index), Interest::READABLE)?;
            place.socket = Some(socket);
        }
        let Some(socket) = &place.socket else { return Ok(()) };
        match socket.send(&self.text) {
            // No room in the system's queue: as lost as on the wire, and counted as such when no answer comes.
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            result => result.map(drop),
        }
    }

    fn failed(&mut self, index: usize, error: &io::Error, op: Op, turn: &mut Turn) {
        let place = &mut self.all[index];
        if let Some(attempt) = place.open.take() {
            turn.failed(attempt, Because::of(error), op);
            self.resting.push_back((turn.clock.elapsed() + REST, index));
        }
        self.all[index].socket = None;
    }

    /// Makes requests that wait, as far as there are sockets.
    fn go_on(&mut self, turn: &mut Turn) {
        while !self.waiting.is_empty() {
            let Some(index) = self.place() else { return };
            self.all[index].open = self.waiting.pop_front();
            if let Err(error) = self.send(index, turn) {
                self.failed(index, &error, Op::Send, turn);
            }
        }
    }
}

impl Lanes for Datagrams {
    fn open(&mut self, _: &mut Turn) {}

    fn make(&mut self, attempt: Attempt, turn: &mut Turn) {
        self.waiting.push_back(attempt);
        self.go_on(turn);
    }

    fn event(&mut self, event: &Event, turn: &mut Turn) {
        let index = event.token().0;
        loop {
            let place = &mut self.all[index];
            let Some(socket) = &place.socket else { break };
            match socket.recv(&mut self.input) {
                Ok(_) => {
                    if let Some(attempt) = place.open.take() {
                        turn.answered(attempt, turn.clock.elapsed());
                        self.free.push(index);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.failed(index, &error, Op::Receive, turn),
            }
        }
        self.go_on(turn);
    }

    fn sweep(&mut self, turn: &mut Turn) {
        let now = turn.now;
        let is_late = |attempt: &Attempt| attempt.until < now;
        for (index, place) in self.all.iter_mut().enumerate() {
            if let Some(attempt) = place.open.take_if(|attempt| is_late(attempt)) {
                *place = Place::default();
                turn.failed(attempt, Because::Timeout, Op::Receive);
                self.free.push(index);
            }
        }
        let late = self.waiting.iter().take_while(|attempt| is_late(attempt)).count();
        for attempt in self.waiting.drain(..late) {
            turn.failed(attempt, Because::Timeout, Op::Send);
        }
        while self.resting.front().is_some_and(|(until, _)| *until <= now) {
            let Some((_, index)) = self.resting.pop_front() else { break };
            self.free.push(index);
        }
        self.go_on(turn);
    }

    fn used(&self) -> usize {
        self.all.len()
    }
}
