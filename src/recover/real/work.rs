//! The work of one server: a queue, first in first out, and workers that take from it. It knows no sockets; time
//! comes in as an argument. A worker that is looked at late goes on from when its work was over, not from when
//! somebody looked: the server does as much as its world says, however busy the machine is.

use super::frame::Request;
use super::troubles::Troubles;
use crate::recover::{Backend, arrivals::exponential};
use crate::retry::Admission;
use fastrand::Rng;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Replies by idempotency key, and until when they are kept: one store behind all servers.
pub(super) type Keys = Arc<Mutex<BTreeMap<u64, Duration>>>;

/// A request and where its reply goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job<To> {
    pub request: Request,
    pub to: To,
    pub arrived: Duration,
}

/// What is said to a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer<To> {
    pub at: Duration,
    pub to: To,
    pub attempt: u64,
    /// Whether its work was done, now or when its key was first seen.
    pub done: bool,
}

/// What became of attempts, for the account of the run.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Attempts that were worked on, and when that began.
    pub begun: Vec<(u64, Duration)>,
    /// How many were worked on to the end.
    pub worked: u64,
    /// Attempts whose deadline had passed when their turn came.
    pub dropped: Vec<(u64, Duration)>,
    /// Attempts that had an effect.
    pub effects: Vec<u64>,
}

/// The queue and the workers.
#[derive(Debug)]
pub(super) struct Work<To> {
    backend: Backend,
    admission: Admission,
    troubles: Troubles,
    skew: Skew,
    keys: Keys,
    queue: VecDeque<Job<To>>,
    /// Each worker: until when, and with what.
    busy: Vec<(Duration, Job<To>)>,
    /// When each idle worker became so.
    idle: Vec<Duration>,
    pub ledger: Ledger,
}

/// How far a server's clock is off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Skew(pub f64);

impl Skew {
    fn server_time(self, now: Duration) -> Duration {
        let off = Duration::try_from_secs_f64(self.0.abs()).unwrap_or(Duration::MAX);
        if self.0 < 0.0 { now.saturating_sub(off) } else { now.saturating_add(off) }
    }
}

impl<To: Copy> Work<To> {
    pub(super) fn new(
        backend: Backend,
        admission: Admission,
        troubles: Troubles,
        skew: Skew,
        keys: Keys,
    ) -> Self {
        let idle = (0..backend.workers).map(|_| Duration::ZERO).collect();
        Self {
            backend,
            admission,
            troubles,
            skew,
            keys,
            queue: VecDeque::new(),
            busy: Vec::new(),
            idle,
            ledger: Ledger::default(),
        }
    }

    /// Takes a request, or says that there are too many.
    pub(super) fn take(&mut self, job: Job<To>) -> bool {
        let taken = self.admission.takes(self.queue.len());
        if taken {
            self.queue.push_back(job);
        }
        taken
    }

    /// Works until `now`: what there is to say.
    pub(super) fn until(&mut self, now: Duration, rng: &mut Rng) -> Vec<Answer<To>> {
        let mut answers = Vec::new();
        loop {
            self.begin(now, rng, &mut answers);
            let Some(which) = self.first_over().filter(|which| self.busy[*which].0 <= now) else {
                return answers;
            };
            let (at, Job { request, to, .. }) = self.busy.swap_remove(which);
            self.idle.push(at);
            self.ledger.worked += 1;
            if !self.knows(at, request.key) {
                self.ledger.effects.push(request.attempt);
                self.keep(at, request.key);
            }
            answers.push(Answer { at, to, attempt: request.attempt, done: true });
        }
    }

    /// When there is something to do next.
    pub(super) fn next(&self, now: Duration) -> Option<Duration> {
        let waits = !self.queue.is_empty() && !self.idle.is_empty();
        let goes_on = self.troubles.goes_on(now).filter(|_| waits);
        self.first_over().map(|which| self.busy[which].0).into_iter().chain(goes_on).min()
    }

    /// Whether there is nothing to do.
    pub(super) fn rests(&self) -> bool {
        self.queue.is_empty() && self.busy.is_empty()
    }

    /// Forgets all that waits or is being done.
    pub(super) fn lose(&mut self, now: Duration) {
        self.queue.clear();
        self.idle.extend(self.busy.drain(..).map(|_| now));
    }

    /// Idle workers take what waits.
    fn begin(&mut self, now: Duration, rng: &mut Rng, answers: &mut Vec<Answer<To>>) {
        while let (Some(which), Some(job)) = (self.longest_idle(), self.queue.front().copied()) {
            let begins = self.troubles.begins(self.idle[which].max(job.arrived));
            if begins > now {
                // what is wanted then is asked then
                return;
            }
            self.queue.pop_front();
            let Job { request, to, .. } = job;
            let answer = Answer { at: begins, to, attempt: request.attempt, done: false };
            if self.admission.drops(self.skew.server_time(begins), request.deadline) {
                self.ledger.dropped.push((request.attempt, begins));
                answers.push(answer);
            } else if self.knows(begins, request.key) {
                answers.push(Answer { done: true, ..answer });
            } else {
                self.idle.swap_remove(which);
                self.ledger.begun.push((request.attempt, begins));
                self.busy.push((self.troubles.ends(begins, self.takes(rng)), job));
            }
        }
    }

    fn first_over(&self) -> Option<usize> {
        (0..self.busy.len()).min_by_key(|which| self.busy[*which].0)
    }

    fn longest_idle(&self) -> Option<usize> {
        (0..self.idle.len()).min_by_key(|which| self.idle[*which])
    }

    fn takes(&self, rng: &mut Rng) -> Duration {
        let service = self.backend.service;
        if rng.f64() < service.stragglers {
            service.straggler
        } else if service.exponential {
            service.usual.mul_f64(exponential(rng))
        } else {
            service.usual
        }
    }

    /// Whether the reply to this key is kept.
    fn knows(&self, now: Duration, key: Option<u64>) -> bool {
        let Some(key) = key.filter(|_| self.admission.keeps_keys.is_some()) else { return false };
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(&key).is_some_and(|until| now < *until)
    }

    fn keep(&self, now: Duration, key: Option<u64>) {
        let (Some(keeps), Some(key)) = (self.admission.keeps_keys, key) else { return };
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key, now.saturating_add(keeps));
    }
}
