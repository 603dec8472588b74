//! How a run is told to end, from another thread or a signal handler's.

use super::inbox::{Message, Sender};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Ends runs. Clones end the same ones.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// How often it was asked.
    asked: AtomicU8,
    runs: Mutex<Vec<Sender>>,
}

impl Interrupt {
    /// Nothing asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a signal does: at the first, programs are asked to end, and killed 2 seconds later; at the second, they are
    /// killed at once.
    pub fn signal(&self) {
        self.0.asked.store(self.asked().saturating_add(1), Ordering::SeqCst);
        // Runs that are over no longer listen.
        let is_there = |run: &Sender| run.send(Message::Interrupted).is_ok();
        self.0.runs.lock().unwrap_or_else(PoisonError::into_inner).retain(is_there);
    }

    /// Whether anybody asked.
    pub fn is_asked(&self) -> bool {
        self.asked() > 0
    }

    /// Whether nothing may be waited for any more.
    pub(super) fn is_urgent(&self) -> bool {
        self.asked() > 1
    }

    /// Wakes a run at each signal from now on.
    pub(super) fn attach(&self, run: Sender) {
        self.0.runs.lock().unwrap_or_else(PoisonError::into_inner).push(run);
    }

    fn asked(&self) -> u8 {
        self.0.asked.load(Ordering::SeqCst)
    }
}
