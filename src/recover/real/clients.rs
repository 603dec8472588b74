//! The clients of a run, all in one thread: each request keeps to what its `retry::Caller` says, over real
//! connections. Requests come when they come, whatever became of those before.

use super::account::{Attempt, Shown};
use super::agenda::{Agenda, Plan};
use super::frame::{Reply, Request};
use super::pool::{Pool, is_the_servers};
use super::troubles::Troubles;
use super::wait::Clock;
use crate::recover::{Arm, Measured, World};
use crate::retry::{Call, Caller, Ended, GiveUp, Next};
use mio::{Events, Poll};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// One request, with all its tries.
#[derive(Debug)]
struct Asked {
    call: Call,
    client: usize,
    /// Attempts that may still be answered in time: one, and one more for each hedge.
    open: Vec<usize>,
    /// Where the last attempt went.
    server: usize,
    done: bool,
}

/// All clients.
pub(super) struct Clients<'a> {
    world: &'a World,
    arm: &'a Arm,
    clock: Clock,
    poll: Poll,
    pool: Pool,
    troubles: Vec<Troubles>,
    announced: &'a [AtomicBool],
    callers: Vec<Caller>,
    asked: Vec<Asked>,
    attempts: Vec<Attempt>,
    agenda: Agenda,
    turn: usize,
    unfinished: usize,
    lags: Vec<Duration>,
    /// Why this machine cannot play on: want of file descriptors or ports is no failure of the servers.
    broken: Option<io::Error>,
    seen: Measured,
}

impl<'a> Clients<'a> {
    pub(super) fn new(
        (world, arm): (&'a World, &'a Arm),
        seed: u64,
        clock: Clock,
        (poll, lines): (Poll, Pool),
        announced: &'a [AtomicBool],
    ) -> Self {
        let clients = world.clients.max(1);
        let callers = (0..clients).map(|client| Caller::new(arm.strategy, seed ^ (u64::from(client) << 32)));
        Self {
            world,
            arm,
            clock,
            poll,
            pool: lines,
            troubles: (0..world.backends.len()).map(|server| Troubles::of(world, server)).collect(),
            announced,
            callers: callers.collect(),
            asked: Vec::new(),
            attempts: Vec::new(),
            agenda: Agenda::default(),
            turn: 0,
            unfinished: 0,
            lags: Vec::new(),
            broken: None,
            seen: Measured::default(),
        }
    }

    /// Sends these requests until all have ended, or until `limit`.
    pub(super) fn run(mut self, arrivals: &[Duration], limit: Duration) -> io::Result<Shown> {
        let mut events = Events::with_capacity(1024);
        let mut coming = arrivals.iter().copied().peekable();
        while coming.peek().is_some() || self.unfinished > 0 {
            let arrival = coming.peek().copied();
            let moment = arrival.into_iter().chain(self.agenda.next()).fold(limit, Duration::min);
            self.clock.wait(&mut self.poll, &mut events, moment)?;
            for event in &events {
                self.hear(event.token().0);
            }
            while let Some(at) = coming.next_if(|at| *at <= self.clock.now()) {
                self.arrives(at);
            }
            self.carry_out();
            if let Some(error) = self.broken.take() {
                return Err(error);
            }
            if self.clock.now() >= limit {
                break;
            }
        }
        self.pool.close();
        Ok(Shown { measured: self.seen, attempts: self.attempts, lags: self.lags })
    }

    /// Carries out what was planned up to now; what is planned meanwhile has its turn after the next look at the
    /// connections.
    fn carry_out(&mut self) {
        let (now, planned) = (self.clock.now(), self.agenda.planned());
        while let Some(plan) = self.agenda.due(now, planned) {
            self.seen.events += 1;
            match plan {
                Plan::Again { request } => self.try_once(request),
                Plan::Late { request, attempt } => self.late(request, attempt),
                Plan::Slow { request, attempt } => self.slow(request, attempt),
            }
        }
    }

    fn arrives(&mut self, at: Duration) {
        let number = self.asked.len();
        self.seen.events += 1;
        self.lags.push(self.clock.now().saturating_sub(at));
        let client = number % self.callers.len();
        let call = self.callers[client].call(at);
        let server = number % self.world.backends.len();
        self.asked.push(Asked { call, client, open: Vec::new(), server, done: false });
        self.seen.requests.push((at, None));
        self.unfinished += 1;
        self.try_once(number);
    }

    fn try_once(&mut self, number: usize) {
        let now = self.clock.now();
        let server = self.choose(number);
        let asked = &mut self.asked[number];
        let sent = self.callers[asked.client].send(&mut asked.call, now);
        self.watch(number, now);
        let Ok(timeout) = sent else {
            let well = self.troubles[server].none(now) && !self.announced[server].load(Ordering::Acquire);
            self.seen.refused_by_client += 1;
            self.seen.refused_though_well += u64::from(well);
            self.ends(number);
            return;
        };
        let asked = &mut self.asked[number];
        let (attempt, hedge) = (asked.call.attempts(), self.callers[asked.client].hedge_after(&asked.call));
        asked.server = server;
        self.agenda.put(now + timeout, Plan::Late { request: number, attempt });
        if let Some(wait) = hedge {
            self.agenda.put(now + wait, Plan::Slow { request: number, attempt });
        }
        self.send(number, now, now + timeout);
    }

    /// Where a request goes: to its shard, or to whoever is next and has not said that it will stop.
    fn choose(&mut self, number: usize) -> usize {
        let servers = self.world.backends.len();
        if self.world.sharded {
            return number % servers;
        }
        self.turn += 1;
        let stops = |server: usize| self.announced[server].load(Ordering::Acquire);
        let skip = (0..servers).find(|skip| !stops((self.turn + skip) % servers));
        self.turn += skip.unwrap_or_default();
        self.turn % servers
    }

    fn send(&mut self, number: usize, now: Duration, deadline: Duration) {
        let attempt = self.attempts.len();
        let name = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let key = name(if self.arm.new_key_each_attempt { attempt } else { number });
        let request = Request {
            attempt: name(attempt),
            deadline: self.arm.strategy.tells_deadline.then_some(deadline),
            key: self.arm.strategy.keyed.then_some(key),
        };
        let server = self.asked[number].server;
        self.seen.attempts.push(now);
        self.asked[number].open.push(attempt);
        let sent = self.pool.send(server, attempt, request);
        let line = sent.as_ref().ok().copied();
        self.attempts.push(Attempt { request: number, line, ended: None, timed_out: false });
        if let Err(error) = sent {
            if !is_the_servers(&error) {
                self.broken = Some(error);
            }
            self.attempt_failed(attempt);
        }
    }

    fn slow(&mut self, number: usize, attempt: u32) {
        let asked = &mut self.asked[number];
        if asked.open.is_empty() || asked.call.attempts() != attempt {
            return;
        }
        let now = self.clock.now();
        let caller = &mut self.callers[asked.client];
        caller.hedged(&mut asked.call);
        asked.server = (asked.server + 1) % self.world.backends.len();
        if let Some(wait) = caller.hedge_after(&asked.call) {
            self.agenda.put(now + wait, Plan::Slow { request: number, attempt });
        }
        self.send(number, now, now + self.arm.strategy.timeout);
    }

    fn late(&mut self, number: usize, attempt: u32) {
        if self.asked[number].open.is_empty() || self.asked[number].call.attempts() != attempt {
            return;
        }
        let now = self.clock.now();
        for attempt in std::mem::take(&mut self.asked[number].open) {
            self.seen.timed_out += 1;
            self.attempts[attempt].timed_out = true;
            self.attempt_ends(attempt, now);
        }
        self.failed(number, now, Ended::TimedOut);
    }

    fn hear(&mut self, line: usize) {
        let heard = self.pool.hear(line);
        for Reply { attempt, done } in heard.replies {
            self.seen.events += 1;
            let Ok(attempt) = usize::try_from(attempt) else { continue };
            match self.attempts.get(attempt).map(|it| (it.ended, it.timed_out)) {
                Some((None, _)) if done => self.attempt_succeeded(attempt),
                Some((None, _)) => self.attempt_failed(attempt),
                Some((Some(_), true)) => self.seen.false_timeouts += u64::from(done),
                Some((Some(_), false)) | None => {}
            }
        }
        // a reply may have come before the connection broke
        if let Some(attempt) = heard.broken.filter(|broken| self.attempts[*broken].ended.is_none()) {
            self.attempt_failed(attempt);
        }
    }

    fn attempt_succeeded(&mut self, attempt: usize) {
        let (now, number) = (self.clock.now(), self.attempts[attempt].request);
        for open in std::mem::take(&mut self.asked[number].open) {
            self.attempt_ends(open, now);
        }
        let asked = &mut self.asked[number];
        self.callers[asked.client].succeeded(&asked.call, now);
        self.watch(number, now);
        let (arrived, took) = &mut self.seen.requests[number];
        *took = Some(now.saturating_sub(*arrived));
        self.seen.successes.push(now);
        self.ends(number);
    }

    fn attempt_failed(&mut self, attempt: usize) {
        let (now, number) = (self.clock.now(), self.attempts[attempt].request);
        self.seen.failed += 1;
        self.attempt_ends(attempt, now);
        let open = &mut self.asked[number].open;
        open.retain(|open| *open != attempt);
        if open.is_empty() {
            self.failed(number, now, Ended::Failed);
        }
    }

    fn attempt_ends(&mut self, attempt: usize, now: Duration) {
        let attempt = &mut self.attempts[attempt];
        attempt.ended = Some(now);
        if let Some(line) = attempt.line {
            self.pool.release(line);
        }
    }

    fn failed(&mut self, number: usize, now: Duration, how: Ended) {
        let asked = &mut self.asked[number];
        let next = self.callers[asked.client].failed(&mut asked.call, now, how);
        self.watch(number, now);
        match next {
            Next::Retry(wait) => self.agenda.put(now + wait, Plan::Again { request: number }),
            Next::GiveUp(why) => {
                self.seen.over_budget += u64::from(why == GiveUp::Budget);
                self.ends(number);
            }
        }
    }

    fn watch(&mut self, number: usize, now: Duration) {
        if self.asked[number].client == 0 {
            self.seen.watch(&mut self.callers[0], now);
        }
    }

    fn ends(&mut self, number: usize) {
        if !std::mem::replace(&mut self.asked[number].done, true) {
            self.unfinished -= 1;
        }
    }
}
