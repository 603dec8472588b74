//! Many clients at once, each with one exchange: what a server does with a crowd, and what becomes of those that it
//! does not serve.

use super::Target;
use super::exchange::word;
use crate::failure::Failure;
use crate::trace::Recorder;
use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{PoisonError, RwLock};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

/// A client needs no more.
const STACK: usize = 256 * 1024;

/// What became of a crowd.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// Clients that got a reply.
    pub served: usize,
    /// How many failed in which way, in a word.
    pub failed: BTreeMap<String, usize>,
}

impl Crowd {
    /// How many got no reply.
    pub fn failures(&self) -> usize {
        self.failed.values().sum()
    }
}

impl fmt::Display for Crowd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "served {}, failed {}", self.served, self.failures())?;
        self.failed.iter().try_for_each(|(word, times)| write!(f, "\nfailed {word}: {times}"))
    }
}

/// Lets so many clients begin at the same moment, each of which asks `text` and waits for `timeout`. In the trace they
/// are `crowd 1`, `crowd 2`, …
pub fn come(
    recorder: &Recorder,
    target: Target,
    clients: NonZeroU32,
    text: &str,
    timeout: Duration,
) -> Crowd {
    let gate = RwLock::new(());
    let one = |number: u32| {
        // Open when the last of them is there.
        drop(gate.read().unwrap_or_else(PoisonError::into_inner));
        exchange(recorder, target, number, text, timeout)
    };
    thread::scope(|scope| {
        let closed = gate.write().unwrap_or_else(PoisonError::into_inner);
        let started: Vec<_> = (1..=clients.get())
            .map(|number| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || one(number)))
            .collect();
        drop(closed);
        let mut crowd = Crowd::default();
        for client in started {
            let ended = client.map(ScopedJoinHandle::join);
            match ended {
                Ok(Ok(Ok(()))) => crowd.served += 1,
                Ok(Ok(Err(failure))) => *crowd.failed.entry(word(&failure)).or_default() += 1,
                // No thread could be had for it, or it panicked.
                Ok(Err(_)) | Err(_) => *crowd.failed.entry("not-started".to_owned()).or_default() += 1,
            }
        }
        crowd
    })
}

fn exchange(
    recorder: &Recorder,
    target: Target,
    number: u32,
    text: &str,
    timeout: Duration,
) -> Result<(), Failure> {
    let actor = recorder.actor(&format!("crowd {number}"));
    let by = recorder.deadline(timeout);
    let mut socket = target.connect(&actor, &by)?;
    target.ask(&mut socket, text, &by)?;
    socket.close();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_reads_as_a_sum_and_a_line_for_each_failure() {
        let failed = [("ECONNREFUSED".to_owned(), 2), ("timeout".to_owned(), 1)].into();
        let crowd = Crowd { served: 7, failed };
        assert_eq!(crowd.to_string(), "served 7, failed 3\nfailed ECONNREFUSED: 2\nfailed timeout: 1");
    }
}
