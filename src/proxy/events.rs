//! What happens in the proxies, told to whoever listens.

use crate::trace::{Event, Recorder, What};
use std::time::Duration;

/// How a listener took an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It has it.
    Yes,
    /// It has no room just now: the event is lost to it.
    Full,
    /// It listens no more.
    Gone,
}

/// Somebody who listens. It is called from the relay, and may not wait.
pub type Listener = Box<dyn FnMut(&Event) -> Heard + Send>;

/// The events of a relay.
pub(super) struct Events {
    recorder: Recorder,
    seq: usize,
    listeners: Vec<(Listener, u64)>,
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").field("seq", &self.seq).finish_non_exhaustive()
    }
}

impl Events {
    pub(super) fn new() -> Self {
        Self { recorder: Recorder::forgetful(), seq: 0, listeners: Vec::new() }
    }

    /// The clock of the relay.
    pub(super) fn now(&self) -> Duration {
        self.recorder.elapsed()
    }

    pub(super) fn listen(&mut self, listener: Listener) {
        self.listeners.push((listener, 0));
    }

    /// Tells of one event. It is made only when somebody listens.
    pub(super) fn tell(&mut self, actor: &str, what: impl FnOnce() -> What) {
        if self.listeners.is_empty() && !tracing::enabled!(tracing::Level::INFO) {
            return;
        }
        let at = self.now();
        let event = Event { seq: self.seq, at, actor: actor.to_owned(), what: what() };
        self.seq += 1;
        tracing::info!("{event}");
        let seq = event.seq;
        self.listeners.retain_mut(|(listener, lost)| {
            if *lost > 0 {
                let text = format!("{lost} events were lost here: they came faster than they were read");
                let note = Event { seq, at, actor: "proxy".into(), what: What::Note { text } };
                match listener(&note) {
                    Heard::Yes => *lost = 0,
                    Heard::Full => {}
                    Heard::Gone => return false,
                }
            }
            match listener(&event) {
                Heard::Yes => {}
                Heard::Full => *lost += 1,
                Heard::Gone => return false,
            }
            true
        });
    }
}
