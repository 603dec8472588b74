//! Writes events down as they happen, and logs them. The only clock of the house: whoever needs the time asks the recorder.
#![expect(clippy::disallowed_methods, reason = "this is the one clock")]

use super::{Event, What};
use crate::failure::{Call, Failure, Why};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A trace under way. Clones write to the same trace.
#[derive(Clone, Debug)]
pub struct Recorder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    start: Instant,
    keeps: bool,
    events: Mutex<Vec<Event>>,
    more: Condvar,
}

impl Recorder {
    /// An empty trace whose time starts now.
    #[expect(clippy::new_without_default, reason = "it reads the clock")]
    pub fn new() -> Self {
        Self::keeping(true)
    }

    /// A clock that keeps no events, for programs that may run for ever and whose trace nobody reads.
    pub fn forgetful() -> Self {
        Self::keeping(false)
    }

    fn keeping(keeps: bool) -> Self {
        let (start, events, more) = (Instant::now(), Mutex::default(), Condvar::new());
        Self(Arc::new(Inner { start, keeps, events, more }))
    }

    /// A hand with which `name` writes into this trace.
    pub fn actor(&self, name: &str) -> Actor {
        Actor { recorder: self.clone(), name: name.into() }
    }

    /// Time since the trace began.
    pub fn elapsed(&self) -> Duration {
        self.0.start.elapsed()
    }

    /// A point in time that lies `limit` from now.
    pub fn deadline(&self, limit: Duration) -> Deadline {
        Deadline { recorder: self.clone(), at: self.elapsed().saturating_add(limit), limit }
    }

    /// All events so far.
    pub fn events(&self) -> Vec<Event> {
        self.lock().clone()
    }

    /// Waits until an event for which `wanted` holds has been written, and gives it; `None` after `limit`.
    pub fn wait_for(&self, limit: Duration, wanted: impl Fn(&Event) -> bool) -> Option<Event> {
        let deadline = self.deadline(limit);
        let mut events = self.lock();
        let mut read = 0;
        loop {
            if let Some(found) = events[read..].iter().find(|event| wanted(event)) {
                return Some(found.clone());
            }
            read = events.len();
            let left = deadline.left()?;
            events = self.0.more.wait_timeout(events, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn write(&self, actor: &str, what: What) {
        let mut events = self.lock();
        let event = Event { seq: events.len(), at: self.elapsed(), actor: actor.to_owned(), what };
        if matches!(event.what, What::Started(_)) {
            tracing::debug!("{event}");
        } else {
            tracing::info!("{event}");
        }
        if !self.0.keeps {
            return;
        }
        events.push(event);
        self.0.more.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Event>> {
        // A panic elsewhere leaves a trace that is still worth reading: every write is one push.
        self.0.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The hand with which one program or thread writes into a trace.
#[derive(Clone, Debug)]
pub struct Actor {
    recorder: Recorder,
    name: Arc<str>,
}

impl Actor {
    /// The trace this actor writes to.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Writes down that `call` starts; the end is told to what this returns.
    pub fn start(&self, call: Call) -> Pending {
        let since = self.recorder.elapsed();
        self.recorder.write(&self.name, What::Started(call.clone()));
        Pending { actor: self.clone(), call, since }
    }

    /// Writes down that attempt number `attempt` follows after `delay`, and waits for so long; gives `true`. When
    /// the wait would not end before `by`, does nothing and gives `false`: no attempt could follow.
    #[must_use]
    pub fn retry_after(&self, delay: Duration, attempt: u32, by: &Deadline) -> bool {
        let fits = by.left().is_some_and(|left| delay < left);
        if fits {
            self.recorder.write(&self.name, What::Retrying { attempt, delay });
            std::thread::sleep(delay);
        }
        fits
    }

    /// Writes down a failure that no call reports: what a call gave cannot be used.
    pub fn failed(&self, failure: Failure) -> Failure {
        self.recorder.write(&self.name, What::Failed(failure.clone()));
        failure
    }

    /// Writes down something that is not a call.
    pub fn note(&self, text: &str) {
        self.recorder.write(&self.name, What::Note { text: text.to_owned() });
    }
}

/// A call that has started and not yet ended.
#[derive(Debug)]
#[must_use = "a call ends with `finish` or `fail`"]
pub struct Pending {
    actor: Actor,
    call: Call,
    since: Duration,
}

impl Pending {
    /// The call, to fill in what only its end tells (the port that was given, the address of the peer).
    pub fn call(&mut self) -> &mut Call {
        &mut self.call
    }

    /// The call did what was asked.
    pub fn finish(self, bytes: Option<usize>) {
        self.actor.recorder.write(&self.actor.name, What::Finished { call: self.call, bytes });
    }

    /// The call failed with `error`; `limit` is the program's own limit on it, if there was one.
    pub fn fail(self, error: &io::Error, limit: Option<Duration>) -> Failure {
        let elapsed = self.elapsed();
        self.actor.failed(Failure::of(self.call, error, limit, elapsed))
    }

    /// The call failed for a reason that is not an `io::Error`.
    pub fn fail_because(self, why: Why) -> Failure {
        let elapsed = self.elapsed();
        self.actor.failed(Failure { call: self.call, why, elapsed })
    }

    fn elapsed(&self) -> Duration {
        self.actor.recorder.elapsed().saturating_sub(self.since)
    }
}

/// A point in time, and how far away it still is.
#[derive(Clone, Debug)]
pub struct Deadline {
    recorder: Recorder,
    at: Duration,
    limit: Duration,
}

impl Deadline {
    /// What is left, or `None` once it has passed. Never zero: a socket takes a time-out of zero for "none".
    pub fn left(&self) -> Option<Duration> {
        self.at.checked_sub(self.recorder.elapsed()).filter(|left| !left.is_zero())
    }

    /// The earlier of this and a point that lies `limit` from now.
    #[must_use]
    pub fn or_within(&self, limit: Duration) -> Self {
        let sooner = self.recorder.deadline(limit);
        if sooner.at < self.at { sooner } else { self.clone() }
    }

    /// The span it was made with.
    pub fn limit(&self) -> Duration {
        self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::{Op, Protocol};

    const CALL: Call = Call::new(Op::Connect, Protocol::Tcp);

    #[test]
    fn events_are_numbered_in_the_order_in_which_they_were_seen() {
        let recorder = Recorder::new();
        let pending = recorder.actor("client").start(CALL);
        recorder.actor("server").note("comes up");
        let failure = pending.fail(&io::Error::from_raw_os_error(1), None);
        let events = recorder.events();
        assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(events.is_sorted_by_key(|event| event.at));
        assert_eq!(events[2].what.failure(), Some(&failure));
    }

    #[test]
    fn a_forgetful_recorder_tells_the_time_and_keeps_nothing() {
        let recorder = Recorder::forgetful();
        let failure = recorder.actor("client").start(CALL).fail(&io::Error::from_raw_os_error(1), None);
        assert_eq!(failure.call, CALL);
        assert_eq!(recorder.events(), []);
        assert!(recorder.deadline(Duration::from_secs(60)).left().is_some());
    }

    #[test]
    fn waiting_for_an_event_ends_when_it_is_written_by_another_thread() {
        let recorder = Recorder::new();
        let writer = recorder.actor("server");
        std::thread::scope(|scope| {
            let waiting =
                scope.spawn(|| recorder.wait_for(Duration::from_secs(5), |event| event.actor == "server"));
            writer.note("ready");
            assert_eq!(waiting.join().unwrap().unwrap().what, What::Note { text: "ready".into() });
        });
        assert_eq!(recorder.wait_for(Duration::from_millis(1), |event| event.actor == "nobody"), None);
    }

    #[test]
    fn an_expired_limit_of_the_program_carries_no_errno() {
        let pending = Recorder::new().actor("client").start(CALL);
        let limit = Duration::from_millis(300);
        let failure = pending.fail(&io::ErrorKind::TimedOut.into(), Some(limit));
        assert_eq!(failure.why, Why::Deadline { limit });
        assert!(failure.is_timeout() && failure.errno().is_none());
    }
}
