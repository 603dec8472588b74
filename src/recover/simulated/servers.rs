//! The servers: a queue and workers each, and what is the matter with them.

use crate::recover::{Backend, Trouble, What};
use std::collections::VecDeque;

/// A server.
#[derive(Debug)]
pub(super) struct Server {
    /// Its workers and how long they take.
    pub(super) backend: Backend,
    /// Sends that wait.
    pub(super) queue: VecDeque<u32>,
    /// Sends that are worked on.
    pub(super) working: Vec<u32>,
    /// Grows when it stops: what was worked on before is lost.
    pub(super) life: u32,
    /// Work that would be done, but the workers stand still.
    pub(super) frozen: Vec<u32>,
    stalls: u32,
    downs: u32,
    blackholes: u32,
    /// Shares of attempts that fail, by the number of the trouble.
    fails: Vec<(u32, f64)>,
    /// Whether it takes nothing new and works off what it has.
    pub(super) draining: bool,
    /// Whether it told so beforehand: nobody turns to it.
    pub(super) announced: bool,
}

impl Server {
    /// A server that is well.
    pub(super) fn new(backend: Backend) -> Self {
        Self {
            backend,
            queue: VecDeque::new(),
            working: Vec::new(),
            life: 0,
            frozen: Vec::new(),
            stalls: 0,
            downs: 0,
            blackholes: 0,
            fails: Vec::new(),
            draining: false,
            announced: false,
        }
    }

    /// Whether nothing is the matter with it.
    pub(super) fn is_well(&self) -> bool {
        !self.stands_still() && !self.refuses() && !self.is_silent() && self.fails.is_empty()
    }

    /// Whether its workers stand still.
    pub(super) fn stands_still(&self) -> bool {
        self.stalls > 0
    }

    /// Whether it refuses whatever comes.
    pub(super) fn refuses(&self) -> bool {
        self.downs > 0 || self.draining
    }

    /// Whether nothing gets to it or back.
    pub(super) fn is_silent(&self) -> bool {
        self.blackholes > 0
    }

    /// The share of attempts that fail.
    pub(super) fn failing(&self) -> f64 {
        self.fails.iter().map(|(_, share)| *share).fold(0.0, f64::max)
    }

    /// Whether a worker has nothing to do and may begin.
    pub(super) fn has_a_free_worker(&self) -> bool {
        !self.stands_still()
            && self.working.len() < usize::try_from(self.backend.workers).unwrap_or(usize::MAX)
    }

    /// Whether it has nothing left to do.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.working.is_empty()
    }

    /// A worker put this down.
    pub(super) fn put_down(&mut self, send: u32) {
        if let Some(at) = self.working.iter().position(|known| *known == send) {
            self.working.swap_remove(at);
        }
    }

    /// It stops: what it had is lost.
    pub(super) fn stop(&mut self) -> Vec<u32> {
        self.life += 1;
        self.downs += 1;
        self.draining = false;
        self.frozen.clear();
        let mut lost = std::mem::take(&mut self.working);
        lost.extend(self.queue.drain(..));
        lost
    }

    /// It is back.
    pub(super) fn start(&mut self) {
        self.downs = self.downs.saturating_sub(1);
        self.announced = false;
    }

    /// A trouble begins that only changes how it behaves.
    pub(super) fn suffers(&mut self, number: u32, trouble: &Trouble) {
        match trouble.what {
            What::Stall => self.stalls += 1,
            What::Blackhole => self.blackholes += 1,
            What::Fails(share) => self.fails.push((number, share)),
            What::Down | What::Restart => {}
        }
    }

    /// Such a trouble is over.
    pub(super) fn recovers(&mut self, number: u32, trouble: &Trouble) {
        match trouble.what {
            What::Stall => self.stalls = self.stalls.saturating_sub(1),
            What::Blackhole => self.blackholes = self.blackholes.saturating_sub(1),
            What::Fails(_) => self.fails.retain(|(known, _)| *known != number),
            What::Down | What::Restart => {}
        }
    }
}
