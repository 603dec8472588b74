//! The loop that owns every proxy and moves every byte.

mod clients;
mod control;
mod datagrams;
mod manage;
mod report;
mod resolve;
mod timers;
mod toxics;

pub use control::{Control, Ended};
pub use manage::{Problem, Totals};
pub use resolve::{Resolved, ResolvedChange};

use super::events::Events;
use super::running::{Door, Proxy};
use super::stream::Act;
use super::tcp::{Connection, Tubes};
use super::udp::{Session, Unreachable};
use crate::impair::Direction;
use crate::readiness::{Batch, Listener, Outbox};
use crate::trace::{Injection, What};
use control::Job;
use mio::event::Event;
use mio::{Events as Polled, Poll, Token, Waker};
use slab::Slab;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Events taken from the kernel at once.
const EVENTS: usize = 1024;

/// Room to read into, shared by all connections.
const BUFFER: usize = 128 * 1024;

/// UDP clients are looked at this often for whether they are still there.
const SWEEP: Duration = Duration::from_secs(1);

const WAKER: Token = Token(usize::MAX);

/// How a relay works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where all randomness comes from.
    pub seed: u64,
    /// What clients may use.
    pub limits: Limits,
}

/// What clients may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// TCP connections at once; more are reset.
    pub connections: usize,
    /// UDP clients at once; datagrams of more are dropped.
    pub clients: usize,
    /// A UDP client is forgotten when nothing was heard of it for so long.
    pub idle: Duration,
    /// Bytes that all toxics together hold before senders have to wait, and datagrams that toxics delay are lost.
    pub memory: usize,
    /// How long a drain may take.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            clients: 4096,
            idle: Duration::from_secs(60),
            memory: 512 * 1024 * 1024,
            drain: Duration::from_secs(5),
        }
    }
}

/// The proxies, their clients, and the loop.
#[derive(Debug)]
pub struct Relay {
    settings: Settings,
    poll: Poll,
    waker: Arc<Waker>,
    jobs: Receiver<Job>,
    asks: Sender<Job>,
    events: Events,
    now: Duration,
    proxies: Slab<Proxy>,
    connections: Slab<Connection>,
    sessions: Slab<Session>,
    session_of: HashMap<(usize, SocketAddr), usize>,
    /// Turns that are due at a time.
    timers: BinaryHeap<Reverse<(Duration, usize)>>,
    /// Who needs another turn without an event.
    again: Vec<Token>,
    /// Bytes that connections and UDP clients hold.
    held: usize,
    buffer: Vec<u8>,
    tubes: Tubes,
    batch: Option<Batch>,
    outbox: Outbox,
    acts: Vec<Act>,
    unreachable: Unreachable,
    /// Toxics are numbered as they come.
    toxics: u64,
    swept: Duration,
    /// When the drain is over, once it has begun.
    drained: Option<Duration>,
}

/// Who an event or a turn is about. The number of a token is four times the place plus one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Door(usize),
    Client(usize),
    Server(usize),
    Session(usize),
}

impl Who {
    fn of(token: Token) -> Self {
        let place = token.0 / 4;
        match token.0 % 4 {
            0 => Self::Door(place),
            1 => Self::Client(place),
            2 => Self::Server(place),
            _ => Self::Session(place),
        }
    }

    fn token(self) -> Token {
        let (place, kind) = match self {
            Self::Door(place) => (place, 0),
            Self::Client(place) => (place, 1),
            Self::Server(place) => (place, 2),
            Self::Session(place) => (place, 3),
        };
        Token(place * 4 + kind)
    }
}

impl Relay {
    /// Starts a relay without a proxy, in a thread of its own. The thread ends when the relay is told to end; it fails
    /// only when the means to wait for sockets are lost.
    pub fn start(settings: Settings) -> io::Result<(Control, JoinHandle<io::Result<Totals>>)> {
        let (started, control) = mpsc::channel();
        let thread = thread::Builder::new().name("netfault-relay".into()).spawn(move || {
            let relay = match Self::new(settings) {
                Ok(relay) => relay,
                Err(error) => {
                    drop(started);
                    return Err(error);
                }
            };
            // Whoever starts it waits for this.
            let _ = started.send(relay.control());
            relay.run()
        })?;
        match control.recv() {
            Ok(control) => Ok((control, thread)),
            Err(mpsc::RecvError) => Err(match thread.join() {
                Ok(Err(error)) => error,
                _ => io::Error::other("the relay did not start"),
            }),
        }
    }

    /// A relay without a proxy.
    fn new(settings: Settings) -> io::Result<Self> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
        let (asks, jobs) = mpsc::channel();
        Ok(Self {
            settings,
            poll,
            waker,
            jobs,
            asks,
            events: Events::new(),
            now: Duration::ZERO,
            proxies: Slab::new(),
            connections: Slab::new(),
            sessions: Slab::new(),
            session_of: HashMap::new(),
            timers: BinaryHeap::new(),
            again: Vec::new(),
            held: 0,
            buffer: vec![0; BUFFER],
            tubes: Tubes::default(),
            batch: None,
            outbox: Outbox::default(),
            acts: Vec::new(),
            unreachable: Unreachable::default(),
            toxics: 0,
            swept: Duration::ZERO,
            drained: None,
        })
    }

    /// A hand with which other threads ask something of this relay.
    fn control(&self) -> Control {
        Control::new(self.asks.clone(), Arc::clone(&self.waker))
    }

    /// Relays until it is told to end.
    fn run(mut self) -> io::Result<Totals> {
        let mut polled = Polled::with_capacity(EVENTS);
        loop {
            match self.poll.poll(&mut polled, self.timeout()) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => self.now = self.events.now(),
            }
            let again = std::mem::take(&mut self.again);
            for event in polled.iter().filter(|event| event.token() != WAKER) {
                self.event(event);
            }
            for token in again {
                self.turn(Who::of(token));
            }
            self.timers();
            self.accept();
            while let Ok(job) = self.jobs.try_recv() {
                job(&mut self);
            }
            if self.now >= self.swept + SWEEP {
                self.swept = self.now;
                self.forget_idle();
            }
            if self.is_drained() {
                return Ok(self.totals());
            }
        }
    }

    fn timeout(&self) -> Option<Duration> {
        let accepts = self.doors().any(|listener| listener.may_accept(self.now));
        if !self.again.is_empty() || accepts {
            return Some(Duration::ZERO);
        }
        let rests = self.doors().filter_map(Listener::rests).filter(|until| *until > self.now);
        let timer = self.timers.peek().map(|Reverse((at, _))| *at);
        let sweep = (!self.sessions.is_empty()).then(|| self.swept + SWEEP);
        let next = rests.chain(timer).chain(sweep).chain(self.drained).min();
        next.map(|next| next.saturating_sub(self.now))
    }

    fn doors(&self) -> impl Iterator<Item = &Listener> {
        self.proxies.iter().filter_map(|(_, proxy)| match &proxy.door {
            Door::Tcp(listener) => Some(listener),
            _ => None,
        })
    }

    fn event(&mut self, event: &Event) {
        let who = Who::of(event.token());
        match who {
            Who::Door(at) => {
                if let Some(Door::Tcp(listener)) = self.proxies.get_mut(at).map(|proxy| &mut proxy.door) {
                    listener.note();
                    return;
                }
            }
            Who::Client(at) => {
                if let Some(connection) = self.connections.get_mut(at) {
                    connection.client.note(event);
                }
            }
            Who::Server(at) => {
                if let Some(connection) = self.connections.get_mut(at) {
                    connection.note_server(event);
                }
            }
            Who::Session(_) => {}
        }
        self.turn(who);
    }

    fn turn(&mut self, who: Who) {
        match who {
            Who::Door(at) => self.receive(at),
            Who::Client(at) | Who::Server(at) => self.turn_connection(at),
            Who::Session(at) => self.turn_session(at),
        }
    }

    /// Tells what toxics did to a connection or a UDP client.
    fn tell_acts(&mut self, proxy: usize, number: u64, client: SocketAddr, way: Direction) {
        let Some(proxy) = self.proxies.get_mut(proxy) else { return self.acts.clear() };
        for act in self.acts.drain(..) {
            let Some(active) = proxy.toxics.iter().find(|active| active.id.0 == act.toxic) else { continue };
            let (toxic, kind) = (&active.toxic.name, active.toxic.kind.name);
            proxy.counters.act(toxic, kind, act.effect.name());
            self.events.tell(&format!("proxy {}", proxy.name), || {
                What::Injected(Injection {
                    toxic: toxic.clone(),
                    kind: kind.to_owned(),
                    stream: way.name().to_owned(),
                    connection: number,
                    client,
                    did: act.effect.name().to_owned(),
                    bytes: (act.bytes > 0).then_some(act.bytes),
                    by: act.effect.delay().map(|by| by.as_secs_f64()),
                })
            });
        }
    }

    fn is_drained(&self) -> bool {
        self.drained.is_some_and(|end| {
            let idle =
                self.connections.is_empty() && self.sessions.iter().all(|(_, session)| !session.holds());
            idle || self.now >= end
        })
    }
}
