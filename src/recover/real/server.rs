//! One server of a run: a listener, its connections and the work, in one thread. What goes wrong with it goes
//! wrong with real sockets: a server that is down has closed its listener. What happens on the way to it is the
//! [way](super::way)'s.

use super::door::Door;
use super::frame::{Reply, Request};
use super::link::Link;
use super::troubles::Troubles;
use super::wait::Clock;
use super::work::{Answer, Job, Ledger, Work};
use crate::recover::{Trouble, What};
use fastrand::Rng;
use mio::{Events, Poll, Token};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const WAKER: Token = Token(0);
const DOOR: Token = Token(1);

/// What a server is and shares.
pub(super) struct Server<'a> {
    pub poll: Poll,
    pub door: Door,
    pub clock: Clock,
    /// How long anything takes from the clients to here, and back.
    pub delay: Duration,
    pub troubles: Troubles,
    pub work: Work<usize>,
    pub drain: Option<Duration>,
    pub rng: Rng,
    /// Whether clients are told to go elsewhere.
    pub announced: &'a AtomicBool,
    /// Whether the run is over.
    pub over: &'a AtomicBool,
}

/// Where a server is between up and down.
#[derive(Clone, Copy, Debug)]
enum Phase {
    Up,
    /// Works off what it has, until then at most; then it is down for so long.
    Drains(Duration, Duration),
    /// Until then.
    Down(Duration),
}

/// Something on its way, to this server or from it.
#[derive(Clone, Copy, Debug)]
enum Move {
    Comes(usize, Request),
    Says(usize, Reply),
}

/// A server under way.
struct Running<'a> {
    own: Server<'a>,
    links: BTreeMap<usize, Link>,
    next_link: usize,
    phase: Phase,
    stops: VecDeque<Trouble>,
    moves: Vec<Move>,
    /// When each move arrives, in the order in which they set out.
    due: BinaryHeap<Reverse<(Duration, usize)>>,
}

impl Server<'_> {
    /// The token that wakes it, when the run is over.
    pub(super) const WAKER: Token = WAKER;

    /// Serves until the run is over.
    pub(super) fn run(mut self) -> io::Result<Ledger> {
        self.door.open(self.poll.registry(), DOOR)?;
        let stops = self.troubles.stops();
        let running = Running {
            own: self,
            links: BTreeMap::new(),
            next_link: DOOR.0 + 1,
            phase: Phase::Up,
            stops,
            moves: Vec::new(),
            due: BinaryHeap::new(),
        };
        running.run()
    }
}

impl Running<'_> {
    fn run(mut self) -> io::Result<Ledger> {
        let mut events = Events::with_capacity(1024);
        while !self.own.over.load(Ordering::Acquire) {
            let moment = self.next(self.own.clock.now());
            self.own.clock.wait(&mut self.own.poll, &mut events, moment)?;
            let now = self.own.clock.now();
            self.change(now)?;
            for event in &events {
                match event.token() {
                    WAKER => {}
                    DOOR => self.own.door.note(),
                    Token(link) => self.hear(link, now),
                }
            }
            self.accept(now)?;
            self.act(now);
        }
        Ok(self.own.work.ledger)
    }

    /// When something happens of which no event tells.
    fn next(&self, now: Duration) -> Duration {
        let phase = match self.phase {
            Phase::Up => self.stops.front().map(|stop| stop.from),
            Phase::Drains(until, _) if !self.own.work.rests() => Some(until),
            Phase::Drains(..) => Some(now),
            Phase::Down(until) => Some(until),
        };
        let due = self.due.peek().map(|Reverse((at, _))| *at);
        let rests = self.own.door.rests(now);
        let idle = now + Duration::from_secs(1);
        [phase, due, rests, self.own.work.next(now)].into_iter().flatten().fold(idle, Duration::min)
    }

    fn accept(&mut self, now: Duration) -> io::Result<()> {
        while let Some(stream) = self.own.door.accept(now) {
            let token = Token(self.next_link);
            self.next_link += 1;
            self.links.insert(token.0, Link::watch(stream, self.own.poll.registry(), token)?);
        }
        Ok(())
    }

    /// Hears what a client wants.
    fn hear(&mut self, number: usize, now: Duration) {
        let Some(link) = self.links.get_mut(&number) else { return };
        let mut requests = Vec::new();
        let heard = link.flush().and_then(|()| {
            let read = link.receive()?;
            requests.extend(std::iter::from_fn(|| Request::take(read)));
            Ok(())
        });
        if heard.is_err() {
            self.links.remove(&number);
        }
        for request in requests {
            self.set_out(now + self.own.delay, Move::Comes(number, request));
        }
    }

    fn set_out(&mut self, arrives: Duration, what: Move) {
        self.due.push(Reverse((arrives, self.moves.len())));
        self.moves.push(what);
    }

    /// Does all that is due, each at its time. What is said meanwhile may be due at once.
    fn act(&mut self, now: Duration) {
        self.work(now.min(self.due.peek().map_or(now, |Reverse((at, _))| *at)));
        while let Some(Reverse((at, which))) = self.due.peek().copied().filter(|Reverse((at, _))| *at <= now)
        {
            self.due.pop();
            self.work(at);
            match self.moves[which] {
                Move::Comes(link, request) => self.comes(link, request, at),
                Move::Says(link, reply) => self.says(link, reply),
            }
            let next = self.due.peek().map_or(now, |Reverse((at, _))| *at);
            self.work(next.min(now));
        }
    }

    fn says(&mut self, link: usize, reply: Reply) {
        if self.links.get_mut(&link).is_some_and(|it| it.send(&reply.bytes()).is_err()) {
            self.links.remove(&link);
        }
    }

    fn work(&mut self, now: Duration) {
        for Answer { at, to, attempt, done } in self.own.work.until(now, &mut self.own.rng) {
            self.set_out(at + self.own.delay, Move::Says(to, Reply { attempt, done }));
        }
    }

    fn comes(&mut self, link: usize, request: Request, at: Duration) {
        let takes = matches!(self.phase, Phase::Up);
        if !takes || !self.own.work.take(Job { request, to: link, arrived: at }) {
            let reply = Reply { attempt: request.attempt, done: false };
            self.set_out(at + self.own.delay, Move::Says(link, reply));
        }
    }

    /// Goes from up to down and back when it is time.
    fn change(&mut self, now: Duration) -> io::Result<()> {
        match self.phase {
            Phase::Up => {
                let Some(stop) = self.stops.front().copied().filter(|stop| stop.from <= now) else {
                    return Ok(());
                };
                self.stops.pop_front();
                let lasts = stop.until.saturating_sub(stop.from);
                match self.own.drain.filter(|_| stop.what == What::Restart) {
                    Some(most) => {
                        self.own.announced.store(true, Ordering::Release);
                        self.own.door.close()?;
                        self.phase = Phase::Drains(stop.from + most, lasts);
                    }
                    None => self.stop(now, stop.until)?,
                }
            }
            Phase::Drains(until, lasts) if now >= until || (self.own.work.rests() && self.due.is_empty()) => {
                self.stop(now, now + lasts)?;
            }
            Phase::Down(until) if now >= until => {
                self.own.door.open(self.own.poll.registry(), DOOR)?;
                self.own.announced.store(false, Ordering::Release);
                self.phase = Phase::Up;
            }
            Phase::Drains(..) | Phase::Down(_) => {}
        }
        Ok(())
    }

    /// Closes the door and breaks off all connections; what waits is lost.
    fn stop(&mut self, now: Duration, until: Duration) -> io::Result<()> {
        self.own.door.close()?;
        for link in std::mem::take(&mut self.links).into_values() {
            link.reset();
        }
        self.own.work.lose(now);
        self.due.clear();
        self.phase = Phase::Down(until);
        Ok(())
    }
}
