//! How a server is told to end, from another thread.

use mio::Waker;
use std::io;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Ends a server. Clones end the same one.
#[derive(Clone, Debug, Default)]
pub struct Shutdown(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// A [`Phase`].
    phase: AtomicU8,
    wakers: Mutex<Vec<Waker>>,
}

/// How far the end has come. It never goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    Serving,
    Draining,
    Over,
}

impl Shutdown {
    /// Nothing asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the server to take no more clients, answer what has arrived, and end within its drain time.
    pub fn drain(&self) {
        self.advance(Phase::Draining);
    }

    /// Asks the server to end at once.
    pub fn now(&self) {
        self.advance(Phase::Over);
    }

    /// What a signal does: the first drains, the second ends at once.
    pub fn signal(&self) {
        if self.0.phase.fetch_max(Phase::Draining as u8, Ordering::SeqCst) == Phase::Serving as u8 {
            self.wake();
        } else {
            self.now();
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.0.phase.load(Ordering::SeqCst) {
            0 => Phase::Serving,
            1 => Phase::Draining,
            _ => Phase::Over,
        }
    }

    /// Wakes the poll of `waker` at each change from now on, and at once when there was one already.
    pub(super) fn attach(&self, waker: Waker) -> io::Result<()> {
        if self.phase() > Phase::Serving {
            waker.wake()?;
        }
        self.0.wakers.lock().unwrap_or_else(PoisonError::into_inner).push(waker);
        Ok(())
    }

    fn advance(&self, phase: Phase) {
        self.0.phase.fetch_max(phase as u8, Ordering::SeqCst);
        self.wake();
    }

    fn wake(&self) {
        for waker in self.0.wakers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Err(error) = waker.wake() {
                tracing::warn!(%error, "cannot wake a thread of the server");
            }
        }
    }
}
