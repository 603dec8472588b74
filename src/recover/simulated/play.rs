//! One run: clients on one side, servers on the other, and events in between.

use super::chance::Chance;
use super::clock::{Clock, Event};
use super::servers::Server;
use crate::recover::{Arm, Measured, What, World, arrivals};
use crate::retry::{Call, Caller, Ended, GiveUp, Next};
use std::time::Duration;

/// A request, with all its tries.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) call: Call,
    pub(super) client: usize,
    /// The number of the try that waits for a reply, if one does.
    waits: Option<u32>,
    /// Sends of that try that have no answer yet.
    open: u32,
    /// The try that succeeded.
    won: Option<u32>,
    /// Where the last send went.
    backend: usize,
    pub(super) effects: u32,
    /// When a server first did its work.
    pub(super) kept_since: Option<Duration>,
}

/// One message to one server: a try is one of them, and one more for each hedge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Send {
    pub(super) request: u32,
    pub(super) attempt: u32,
    pub(super) backend: u32,
    /// On the client's clock, where it is told.
    pub(super) deadline: Option<Duration>,
}

/// A run under way.
pub(super) struct Play<'a> {
    pub(super) world: &'a World,
    pub(super) arm: &'a Arm,
    pub(super) clock: Clock,
    pub(super) chance: Chance,
    callers: Vec<Caller>,
    pub(super) requests: Vec<Request>,
    pub(super) sends: Vec<Send>,
    pub(super) servers: Vec<Server>,
    /// When those requests come that are still to come.
    arrivals: std::vec::IntoIter<Duration>,
    turn: usize,
    /// Requests that have not ended, those to come too.
    unfinished: usize,
    pub(super) seen: Measured,
}

impl<'a> Play<'a> {
    /// Nothing has happened yet.
    pub(super) fn new(world: &'a World, arm: &'a Arm, seed: u64) -> Self {
        let clients = world.clients.max(1);
        let arrivals = arrivals(world, seed);
        let callers = (0..clients).map(|client| Caller::new(arm.strategy, seed ^ (u64::from(client) << 32)));
        let mut play = Self {
            world,
            arm,
            clock: Clock::default(),
            chance: Chance::of(seed),
            callers: callers.collect(),
            requests: Vec::new(),
            sends: Vec::new(),
            servers: world.backends.iter().map(|backend| Server::new(*backend)).collect(),
            unfinished: arrivals.len(),
            arrivals: arrivals.into_iter(),
            turn: 0,
            seen: Measured::default(),
        };
        for (number, trouble) in (0..).zip(&world.troubles) {
            play.clock.at(trouble.from, Event::Begins { trouble: number });
            if trouble.what != What::Restart {
                play.clock.at(trouble.until, Event::Ends { trouble: number });
            }
        }
        play.announce_arrival();
        play
    }

    /// Plays until every request has ended.
    pub(super) fn played(mut self) -> Measured {
        while self.unfinished > 0 {
            let Some(event) = self.clock.next() else { break };
            self.seen.events += 1;
            match event {
                Event::Arrives => self.arrives(),
                Event::Again { request } => self.try_once(request),
                Event::Late { request, attempt } => self.late(request, attempt),
                Event::Slow { request, attempt } => self.slow(request, attempt),
                Event::Answered { send, well } => self.answered(send, well),
                Event::Reaches { send } => self.reaches(send),
                Event::Done { send, life } => self.done(send, life),
                Event::Begins { trouble } => self.begins(trouble),
                Event::Ends { trouble } => self.ends(trouble),
                Event::Drained { backend, life } => self.drained(backend, life),
                Event::Back { backend } => self.back(backend),
            }
        }
        self.seen
    }

    fn announce_arrival(&mut self) {
        if let Some(when) = self.arrivals.next() {
            self.clock.at(when, Event::Arrives);
        }
    }

    fn arrives(&mut self) {
        let (now, number) = (self.clock.now(), self.requests.len());
        let client = number % self.callers.len();
        let call = self.callers[client].call(now);
        let backend = number % self.servers.len();
        self.requests.push(Request {
            call,
            client,
            waits: None,
            open: 0,
            won: None,
            backend,
            effects: 0,
            kept_since: None,
        });
        self.seen.requests.push((now, None));
        self.try_once(u32::try_from(number).unwrap_or(u32::MAX));
        self.announce_arrival();
    }

    fn try_once(&mut self, number: u32) {
        let now = self.clock.now();
        let backend = self.choose(number);
        let request = &mut self.requests[number as usize];
        let sent = self.callers[request.client].send(&mut request.call, now);
        self.watch(number);
        let Ok(timeout) = sent else {
            self.seen.refused_by_client += 1;
            self.seen.refused_though_well += u64::from(self.servers[backend].is_well());
            self.unfinished -= 1;
            return;
        };
        let request = &mut self.requests[number as usize];
        let attempt = request.call.attempts();
        request.waits = Some(attempt);
        request.open = 0;
        request.backend = backend;
        let hedge = self.callers[request.client].hedge_after(&request.call);
        self.clock.after(timeout, Event::Late { request: number, attempt });
        if let Some(wait) = hedge {
            self.clock.after(wait, Event::Slow { request: number, attempt });
        }
        self.send(number, attempt, backend, now.saturating_add(timeout));
    }

    /// Where a request goes: to its shard, or to whoever is next and has not said that it will stop.
    fn choose(&mut self, number: u32) -> usize {
        let servers = self.servers.len();
        if self.world.sharded {
            return number as usize % servers;
        }
        self.turn += 1;
        let skip = (0..servers).find(|skip| !self.servers[(self.turn + skip) % servers].announced);
        self.turn += skip.unwrap_or_default();
        self.turn % servers
    }

    fn send(&mut self, number: u32, attempt: u32, backend: usize, deadline: Duration) {
        let send = u32::try_from(self.sends.len()).unwrap_or(u32::MAX);
        let deadline = self.arm.strategy.tells_deadline.then_some(deadline);
        let to = u32::try_from(backend).unwrap_or(u32::MAX);
        self.sends.push(Send { request: number, attempt, backend: to, deadline });
        self.seen.attempts.push(self.clock.now());
        self.requests[number as usize].open += 1;
        let network = self.world.network;
        if network.resets > 0.0 && self.chance.resets(network.resets) {
            self.clock.after(network.delay * 2, Event::Answered { send, well: false });
        } else {
            self.clock.after(network.delay, Event::Reaches { send });
        }
    }

    fn slow(&mut self, number: u32, attempt: u32) {
        let request = &mut self.requests[number as usize];
        if request.waits != Some(attempt) {
            return;
        }
        let caller = &mut self.callers[request.client];
        caller.hedged(&mut request.call);
        if let Some(wait) = caller.hedge_after(&request.call) {
            self.clock.after(wait, Event::Slow { request: number, attempt });
        }
        request.backend = (request.backend + 1) % self.servers.len();
        let (backend, deadline) = (request.backend, self.clock.now() + self.arm.strategy.timeout);
        self.send(number, attempt, backend, deadline);
    }

    fn late(&mut self, number: u32, attempt: u32) {
        let request = &self.requests[number as usize];
        if request.waits == Some(attempt) {
            self.seen.timed_out += u64::from(request.open);
            self.failed(number, Ended::TimedOut);
        }
    }

    fn answered(&mut self, send: u32, well: bool) {
        let Send { request: number, attempt, .. } = self.sends[send as usize];
        let now = self.clock.now();
        let request = &mut self.requests[number as usize];
        if request.waits != Some(attempt) {
            // the sibling of a hedge that was faster is no time-out
            self.seen.false_timeouts += u64::from(well && request.won != Some(attempt));
            return;
        }
        request.open -= 1;
        if well {
            request.waits = None;
            request.won = Some(attempt);
            self.callers[request.client].succeeded(&request.call, now);
            let took = now.saturating_sub(request.call.started());
            self.watch(number);
            self.seen.requests[number as usize].1 = Some(took);
            self.seen.successes.push(now);
            self.unfinished -= 1;
            return;
        }
        self.seen.failed += 1;
        if request.open == 0 {
            self.failed(number, Ended::Failed);
        }
    }

    fn failed(&mut self, number: u32, how: Ended) {
        let now = self.clock.now();
        let request = &mut self.requests[number as usize];
        request.waits = None;
        let next = self.callers[request.client].failed(&mut request.call, now, how);
        self.watch(number);
        match next {
            Next::Retry(wait) => self.clock.after(wait, Event::Again { request: number }),
            Next::GiveUp(why) => {
                self.seen.over_budget += u64::from(why == GiveUp::Budget);
                self.unfinished -= 1;
            }
        }
    }

    fn watch(&mut self, number: u32) {
        if self.requests[number as usize].client == 0 {
            self.seen.watch(&mut self.callers[0], self.clock.now());
        }
    }

    /// Whether the client still waits for the answer to this.
    pub(super) fn is_waited_for(&self, send: Send) -> bool {
        self.requests[send.request as usize].waits == Some(send.attempt)
    }
}
