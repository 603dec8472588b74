//! Requests as lines over connections: many on one without waiting, each answered by a line, in order. A connection that
//! breaks takes its open requests with it and is made anew after a rest.

use super::again::Attempt;
use super::engine::{Lanes, Turn};
use super::tally::Because;
use crate::failure::Op;
use mio::event::Event;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

/// How long a connection that broke, or could not be had, rests: a server that refuses is not asked in circles.
pub(super) const REST: Duration = Duration::from_millis(50);
/// Room to read into.
const INPUT: usize = 256 * 1024;
/// Bytes of requests that one `send` may take.
const OUTPUT: usize = 64 * 1024;

/// All connections.
#[derive(Debug)]
pub(super) struct Connections {
    peer: SocketAddr,
    all: Vec<Connection>,
    /// The request again and again.
    requests: Vec<u8>,
    /// Length of one.
    request: usize,
    input: Vec<u8>,
    /// In a closed loop: whose request was concluded.
    freed: Vec<usize>,
    keeps_freed: bool,
    next: usize,
}

#[derive(Debug)]
struct Connection {
    stream: Option<TcpStream>,
    /// Whether it was told that the connection stands.
    stands: bool,
    /// No connection is tried before this.
    rests: Duration,
    was_tried: bool,
    /// The attempts that have no answer yet.
    open: VecDeque<Attempt>,
    /// Answers that may still come to requests whose time is over.
    owed: usize,
    /// Bytes of requests that were not sent yet, and how far into a request the first of them is.
    unsent: usize,
    phase: usize,
    /// An event will tell when more can be sent.
    blocked: bool,
}

impl Connections {
    pub(super) fn new(peer: SocketAddr, count: usize, text: &str, closed: bool) -> Self {
        let mut line = text.as_bytes().to_vec();
        line.push(b'\n');
        let request = line.len();
        let requests = line.repeat(OUTPUT / request + 2);
        let connection = || Connection {
            stream: None,
            stands: false,
            rests: Duration::ZERO,
            was_tried: false,
            open: VecDeque::new(),
            owed: 0,
            unsent: 0,
            phase: 0,
            blocked: false,
        };
        let all = std::iter::repeat_with(connection).take(count).collect();
        let (input, freed) = (vec![0; INPUT], Vec::new());
        Self { peer, all, requests, request, input, freed, keeps_freed: closed, next: 0 }
    }

    fn concluded(&mut self, index: usize, count: usize) {
        if self.keeps_freed {
            self.freed.extend(std::iter::repeat_n(index, count));
        }
    }

    /// Begins to connect; the event that it can be written to tells the outcome.
    fn connect(&mut self, index: usize, registry: &Registry) -> io::Result<()> {
        let connection = &mut self.all[index];
        let mut stream = TcpStream::connect(self.peer)?;
        // Without it some requests wait for the acknowledgement of those before; where it cannot be had they do.
        let _ = stream.set_nodelay(true);
        registry.register(&mut stream, Token(index), Interest::READABLE | Interest::WRITABLE)?;
        connection.stream = Some(stream);
        (connection.stands, connection.blocked) = (false, true);
        Ok(())
    }

    fn flush(&mut self, index: usize) -> io::Result<()> {
        let connection = &mut self.all[index];
        let Some(stream) = &mut connection.stream else { return Ok(()) };
        while connection.unsent > 0 && !connection.blocked {
            let most = connection.unsent.min(self.requests.len() - connection.phase);
            match stream.write(&self.requests[connection.phase..connection.phase + most]) {
                Ok(sent) => {
                    connection.unsent -= sent;
                    connection.phase = (connection.phase + sent) % self.request;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => connection.blocked = true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Takes the answers that have come.
    fn read(&mut self, index: usize, turn: &mut Turn) -> Result<(), Because> {
        loop {
            let connection = &mut self.all[index];
            let Some(stream) = &mut connection.stream else { return Ok(()) };
            let came = match stream.read(&mut self.input) {
                Ok(0) => return Err(Because::Closed),
                Ok(came) => came,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(Because::of(&error)),
            };
            let lines: usize = self.input[..came].iter().map(|byte| usize::from(*byte == b'\n')).sum();
            let late = lines.min(connection.owed);
            connection.owed -= late;
            let (now, mut answered) = (turn.clock.elapsed(), 0);
            for attempt in connection.open.drain(..(lines - late).min(connection.open.len())) {
                turn.answered(attempt, now);
                answered += 1;
            }
            self.concluded(index, answered);
            if came < self.input.len() && crate::readiness::SHORT_READ_IS_LAST {
                return Ok(());
            }
        }
    }

    /// All open requests of a connection fail with it.
    fn broke(&mut self, index: usize, because: Because, op: Op, turn: &mut Turn) {
        let connection = &mut self.all[index];
        let failed = connection.open.len();
        for attempt in connection.open.drain(..) {
            turn.failed(attempt, because, op);
        }
        (connection.owed, connection.unsent, connection.phase) = (0, 0, 0);
        // Closed with it, which ends its events too.
        connection.stream = None;
        connection.rests = turn.clock.elapsed() + REST;
        self.concluded(index, failed);
    }

    /// Connects what has requests and no connection, once it has rested.
    fn revive(&mut self, index: usize, turn: &mut Turn) {
        let connection = &mut self.all[index];
        if connection.stream.is_some() || connection.rests > turn.now {
            return;
        }
        if std::mem::replace(&mut connection.was_tried, true) {
            turn.tally.reconnections += 1;
        }
        if let Err(error) = self.connect(index, turn.registry) {
            self.broke(index, Because::of(&error), Op::Connect, turn);
        }
    }

    /// Whether the connection stands by now; the error if it will not.
    fn settle(&mut self, index: usize) -> io::Result<bool> {
        let connection = &mut self.all[index];
        let Some(stream) = &connection.stream else { return Ok(false) };
        if connection.stands {
            return Ok(true);
        }
        if let Some(error) = stream.take_error()? {
            return Err(error);
        }
        match stream.peer_addr() {
            Ok(_) => connection.stands = true,
            Err(error) if error.kind() == ErrorKind::NotConnected => {}
            Err(error) => return Err(error),
        }
        Ok(connection.stands)
    }
}

impl Lanes for Connections {
    fn open(&mut self, turn: &mut Turn) {
        for index in 0..self.all.len() {
            self.revive(index, turn);
        }
    }

    fn make(&mut self, attempt: Attempt, turn: &mut Turn) {
        let index = self.freed.pop().unwrap_or_else(|| {
            self.next = (self.next + 1) % self.all.len();
            self.next
        });
        let connection = &mut self.all[index];
        connection.open.push_back(attempt);
        connection.unsent += self.request;
        if connection.stream.is_none() {
            self.revive(index, turn);
        } else if let Err(error) = self.flush(index) {
            self.broke(index, Because::of(&error), Op::Send, turn);
        }
    }

    fn event(&mut self, event: &Event, turn: &mut Turn) {
        let index = event.token().0;
        match self.settle(index) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return self.broke(index, Because::of(&error), Op::Connect, turn),
        }
        if event.is_writable() {
            self.all[index].blocked = false;
        }
        if let Err(because) = self.read(index, turn) {
            return self.broke(index, because, Op::Receive, turn);
        }
        if let Err(error) = self.flush(index) {
            self.broke(index, Because::of(&error), Op::Send, turn);
        }
    }

    fn sweep(&mut self, turn: &mut Turn) {
        for index in 0..self.all.len() {
            let connection = &mut self.all[index];
            let late = connection.open.iter().take_while(|attempt| attempt.until < turn.now).count();
            let op = if connection.stands { Op::Receive } else { Op::Connect };
            for attempt in connection.open.drain(..late) {
                turn.failed(attempt, Because::Timeout, op);
            }
            connection.owed += late;
            self.concluded(index, late);
            if !self.all[index].open.is_empty() {
                self.revive(index, turn);
            }
        }
    }

    fn used(&self) -> usize {
        self.all.len()
    }
}
