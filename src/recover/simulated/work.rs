//! What the servers do in a run: take, work, drop, stop and come back.

use super::clock::Event;
use super::play::{Play, Send};
use crate::recover::What;
use std::time::Duration;

impl Play<'_> {
    /// A send is at its server's door.
    pub(super) fn reaches(&mut self, send: u32) {
        let at = self.sends[send as usize].backend as usize;
        let server = &mut self.servers[at];
        if server.is_silent() {
            return;
        }
        let share = server.failing();
        let fails = share > 0.0 && self.chance.fails(share);
        let full = !server.has_a_free_worker() && !self.arm.admission.takes(server.queue.len());
        if fails || server.refuses() || full {
            self.answer(send, false);
            return;
        }
        server.queue.push_back(send);
        self.work_on(at);
    }

    /// Free workers take what waits.
    fn work_on(&mut self, at: usize) {
        while self.servers[at].has_a_free_worker() {
            let Some(number) = self.servers[at].queue.pop_front() else { break };
            let send = self.sends[number as usize];
            let waited_for = self.is_waited_for(send);
            if self.arm.admission.drops(self.server_time(), send.deadline) {
                self.seen.dropped += 1;
                self.seen.dropped_though_waited_for += u64::from(waited_for);
                self.answer(number, false);
                continue;
            }
            if self.is_known(send) {
                self.answer(number, true);
                continue;
            }
            self.seen.wasted += u64::from(!waited_for);
            let server = &mut self.servers[at];
            server.working.push(number);
            let takes = self.chance.work(&server.backend.service);
            self.clock.after(takes, Event::Done { send: number, life: server.life });
        }
    }

    /// The clocks of the servers may be ahead of those of the clients, or behind.
    fn server_time(&self) -> Duration {
        let skew = Duration::try_from_secs_f64(self.world.skew_s.abs()).unwrap_or_default();
        let now = self.clock.now();
        if self.world.skew_s < 0.0 { now.saturating_sub(skew) } else { now.saturating_add(skew) }
    }

    /// Whether the reply to its key is kept. A key made anew for each attempt is known to nobody.
    fn is_known(&self, send: Send) -> bool {
        let Some(keeps) = self.arm.admission.keeps_keys else { return false };
        let since = self.requests[send.request as usize].kept_since;
        self.arm.strategy.keyed
            && !self.arm.new_key_each_attempt
            && since.is_some_and(|since| self.clock.now() < since.saturating_add(keeps))
    }

    /// A worker is done.
    pub(super) fn done(&mut self, number: u32, life: u32) {
        let send = self.sends[number as usize];
        let at = send.backend as usize;
        let server = &mut self.servers[at];
        if server.life != life {
            return;
        }
        if server.stands_still() {
            server.frozen.push(number);
            return;
        }
        server.put_down(number);
        let silent = server.is_silent();
        self.seen.worked += 1;
        self.has_effect(send);
        let lost = self.world.network.lost_replies;
        if !silent && (lost <= 0.0 || !self.chance.loses_reply(lost)) {
            self.answer(number, true);
        }
        self.work_on(at);
        self.drains_on(at);
    }

    fn has_effect(&mut self, send: Send) {
        if self.is_known(send) {
            return;
        }
        let now = self.clock.now();
        let request = &mut self.requests[send.request as usize];
        request.kept_since = Some(now);
        request.effects += 1;
        self.seen.effects += 1;
        self.seen.doubled += u64::from(request.effects == 2);
    }

    fn answer(&mut self, send: u32, well: bool) {
        self.clock.after(self.world.network.delay, Event::Answered { send, well });
    }

    /// A trouble begins.
    pub(super) fn begins(&mut self, number: u32) {
        let trouble = self.world.troubles[number as usize];
        for at in self.backends_of(number) {
            self.servers[at].suffers(number, &trouble);
            let life = self.servers[at].life;
            let backend = u32::try_from(at).unwrap_or(u32::MAX);
            match (trouble.what, self.arm.admission.drain) {
                (What::Restart, Some(most)) => {
                    self.servers[at].draining = true;
                    self.servers[at].announced = true;
                    self.clock.after(most, Event::Drained { backend, life });
                    self.drains_on(at);
                }
                (What::Restart, None) => self.stops(at, Some(trouble.until)),
                (What::Down, _) => self.stops(at, None),
                _ => {}
            }
        }
    }

    /// A trouble is over.
    pub(super) fn ends(&mut self, number: u32) {
        let trouble = self.world.troubles[number as usize];
        for at in self.backends_of(number) {
            self.servers[at].recovers(number, &trouble);
            if trouble.what == What::Down {
                self.servers[at].start();
            }
            if !self.servers[at].stands_still() {
                let life = self.servers[at].life;
                for send in std::mem::take(&mut self.servers[at].frozen) {
                    self.done(send, life);
                }
            }
            self.work_on(at);
        }
    }

    /// A server has drained for as long as it may.
    pub(super) fn drained(&mut self, backend: u32, life: u32) {
        let at = backend as usize;
        if self.servers[at].draining && self.servers[at].life == life {
            let takes = self.restart_of(at);
            self.stops(at, Some(self.clock.now().saturating_add(takes)));
        }
    }

    /// A server that drains and has nothing left need not wait.
    fn drains_on(&mut self, at: usize) {
        if self.servers[at].draining && self.servers[at].is_idle() {
            let life = self.servers[at].life;
            self.drained(u32::try_from(at).unwrap_or(u32::MAX), life);
        }
    }

    /// A server is back.
    pub(super) fn back(&mut self, backend: u32) {
        self.servers[backend as usize].start();
        self.work_on(backend as usize);
    }

    fn stops(&mut self, at: usize, back: Option<Duration>) {
        for send in self.servers[at].stop() {
            self.answer(send, false);
        }
        if let Some(back) = back {
            self.clock.at(back, Event::Back { backend: u32::try_from(at).unwrap_or(u32::MAX) });
        }
    }

    /// How long a restart of this server takes once it has stopped.
    fn restart_of(&self, at: usize) -> Duration {
        let now = self.clock.now();
        let mut restarts = self.world.troubles.iter().filter(|trouble| {
            trouble.what == What::Restart && trouble.from <= now && trouble.backend.is_none_or(|it| it == at)
        });
        restarts.next_back().map(|trouble| trouble.until.saturating_sub(trouble.from)).unwrap_or_default()
    }

    fn backends_of(&self, trouble: u32) -> std::ops::Range<usize> {
        match self.world.troubles[trouble as usize].backend {
            Some(at) => at..(at + 1).min(self.servers.len()),
            None => 0..self.servers.len(),
        }
    }
}
