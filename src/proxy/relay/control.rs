//! How other threads ask something of the relay.

use super::Relay;
use mio::Waker;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};

/// Something to be done by the relay's thread.
pub(super) type Job = Box<dyn FnOnce(&mut Relay) + Send>;

/// A hand on a relay that runs in another thread. Clones are hands on the same one.
#[derive(Clone)]
pub struct Control {
    jobs: Sender<Job>,
    waker: Arc<Waker>,
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").finish_non_exhaustive()
    }
}

/// The relay is no longer there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended;

impl Control {
    pub(super) fn new(jobs: Sender<Job>, waker: Arc<Waker>) -> Self {
        Self { jobs, waker }
    }

    /// Has the relay do something between two turns, and waits for what comes of it: less than a millisecond, as
    /// nothing that the relay does can last.
    pub fn ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Relay) -> T + Send + 'static,
    ) -> Result<T, Ended> {
        let (answer, answered) = mpsc::channel();
        self.tell(move |relay| {
            // Whoever asked may have gone meanwhile.
            let _ = answer.send(what(relay));
        })?;
        answered.recv().map_err(|_| Ended)
    }

    /// The same without waiting.
    pub fn tell(&self, what: impl FnOnce(&mut Relay) + Send + 'static) -> Result<(), Ended> {
        self.jobs.send(Box::new(what)).map_err(|_| Ended)?;
        self.waker.wake().map_err(|_| Ended)
    }
}
