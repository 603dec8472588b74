//! Writes events down as they happen, and logs them. The only clock of the house: whoever needs the time asks the recorder.
#![expect(clippy::disallowed_methods, reason = "this is the one clock")]

use super::journal::Journal;
use super::witness::{Watch, Witness};
use super::{Event, Evidence, Fact, Packet, Source, What};
use crate::failure::{Call, Failure, Why};
use std::any::Any;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// A trace under way. Clones write to the same trace.
#[derive(Clone, Debug)]
pub struct Recorder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    start: Instant,
    started: SystemTime,
    journal: Mutex<Journal>,
    more: Condvar,
    witness: OnceLock<Arc<dyn Witness>>,
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
        Self(Arc::new(Inner {
            start: Instant::now(),
            started: SystemTime::now(),
            journal: Mutex::new(Journal::new(keeps)),
            more: Condvar::new(),
            witness: OnceLock::new(),
        }))
    }

    /// The same recorder, which from now on writes each event, and whatever is seen, as a line of NDJSON to `out`
    /// before anything else happens.
    #[must_use]
    pub fn saving(self, out: Box<dyn Write + Send>) -> Self {
        self.lock().save_to(out);
        self
    }

    /// Has `witness` look at the live system around every call from now on. The first one stays.
    pub fn witnessed_by(&self, witness: Arc<dyn Witness>) {
        // Who comes second is not needed.
        let _ = self.0.witness.set(witness);
    }

    /// When the trace began, for its header.
    pub fn started(&self) -> SystemTime {
        self.0.started
    }

    /// Whether what is written stays in memory.
    pub fn keeps(&self) -> bool {
        self.lock().keeps()
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
        self.lock().events().to_vec()
    }

    /// Writes down a fact that was just read from the live system, and gives it with its time.
    pub fn saw(&self, source: Source, fact: Fact) -> Evidence {
        let mut journal = self.lock();
        let evidence = Evidence { source, at: self.elapsed(), fact };
        journal.add_evidence(&evidence);
        evidence
    }

    /// Waits until an event for which `wanted` holds has been written, and gives it; `None` after `limit`.
    pub fn wait_for(&self, limit: Duration, wanted: impl Fn(&Event) -> bool) -> Option<Event> {
        let deadline = self.deadline(limit);
        let mut journal = self.lock();
        let mut read = 0;
        loop {
            if let Some(found) = journal.events()[read..].iter().find(|event| wanted(event)) {
                return Some(found.clone());
            }
            read = journal.events().len();
            let left = deadline.left()?;
            journal = self.0.more.wait_timeout(journal, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn write(&self, actor: &str, what: What) {
        let mut journal = self.lock();
        let event = Event { seq: journal.next(), at: self.elapsed(), actor: actor.to_owned(), what };
        if matches!(event.what, What::Started(_)) {
            tracing::debug!("{event}");
        } else {
            tracing::info!("{event}");
        }
        journal.add(event);
        self.0.more.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Journal> {
        // A panic elsewhere leaves a trace that is still worth reading: every write is one push.
        self.0.journal.lock().unwrap_or_else(PoisonError::into_inner)
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
        let watch = self.recorder.0.witness.get().map(|witness| witness.begins(&call));
        let since = self.recorder.elapsed();
        self.recorder.write(&self.name, What::Started(call.clone()));
        Pending { actor: self.clone(), call, since, watch }
    }

    /// Shows the socket of a call that has failed to whoever looks at the live system, if somebody does.
    pub fn show(&self, failure: &Failure, socket: &dyn Any) {
        if let Some(witness) = self.recorder.0.witness.get() {
            witness.failed(failure, socket);
        }
    }

    /// Whether somebody looks at the live system around the calls.
    pub fn is_witnessed(&self) -> bool {
        self.recorder.0.witness.get().is_some()
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

    /// Writes down a packet, before it goes on.
    pub fn packet(&self, packet: Packet) {
        self.recorder.write(&self.name, What::Packet(Box::new(packet)));
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
    watch: Option<Watch>,
}

impl Pending {
    /// The call, to fill in what only its end tells (the port that was given, the address of the peer).
    pub fn call(&mut self) -> &mut Call {
        &mut self.call
    }

    /// The call did what was asked.
    pub fn finish(mut self, bytes: Option<usize>) {
        self.over();
        self.actor.recorder.write(&self.actor.name, What::Finished { call: self.call, bytes });
    }

    /// The call failed with `error`; `limit` is the program's own limit on it, if there was one.
    pub fn fail(mut self, error: &io::Error, limit: Option<Duration>) -> Failure {
        self.over();
        let elapsed = self.elapsed();
        self.actor.failed(Failure::of(self.call, error, limit, elapsed))
    }

    /// The call failed for a reason that is not an `io::Error`.
    pub fn fail_because(mut self, why: Why) -> Failure {
        self.over();
        let elapsed = self.elapsed();
        self.actor.failed(Failure { call: self.call, why, elapsed })
    }

    /// What is seen from now on is not seen while the call waits.
    fn over(&mut self) {
        self.watch = None;
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
    fn a_saving_recorder_has_each_line_out_before_the_next_call() {
        #[derive(Clone, Default)]
        struct Shared(Arc<Mutex<Vec<u8>>>);
        impl Write for Shared {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let out = Shared::default();
        let lines = || String::from_utf8(out.0.lock().unwrap().clone()).unwrap();
        let recorder = Recorder::forgetful().saving(Box::new(out.clone()));
        let pending = recorder.actor("client").start(CALL);
        assert!(
            lines().starts_with(r#"{"seq":0,"#) && lines().contains(r#""event":"started""#),
            "{}",
            lines()
        );
        pending.finish(None);
        recorder.saw(Source::Procfs, Fact::Lives { pid: 1 });
        let lines = lines();
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[1].starts_with(r#"{"seq":1,"#) && lines[2].contains(r#""field":"lives""#), "{lines:?}");
        assert_eq!(recorder.events(), []);
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
