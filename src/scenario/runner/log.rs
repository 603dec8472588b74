//! What the runner itself writes down, told at once to whoever follows the run.

use crate::trace::{Event, Recorder, What};
use std::time::Duration;

/// Whoever follows a run.
pub(super) type Hear<'a> = &'a (dyn Fn(&Event) + Sync);

/// The runner's own events.
pub(super) struct Log<'a> {
    clock: Recorder,
    events: Vec<Event>,
    hear: Hear<'a>,
}

impl<'a> Log<'a> {
    pub(super) fn new(clock: Recorder, hear: Hear<'a>) -> Self {
        Self { clock, events: Vec::new(), hear }
    }

    /// The time of the run.
    pub(super) fn now(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Writes down what happens now.
    pub(super) fn tell(&mut self, actor: &str, what: What) {
        self.tell_of(self.now(), actor, what);
    }

    /// Writes down what happened at a time.
    pub(super) fn tell_of(&mut self, at: Duration, actor: &str, what: What) {
        let event = Event { seq: self.events.len(), at, actor: actor.to_owned(), what };
        (self.hear)(&event);
        self.events.push(event);
    }

    pub(super) fn note(&mut self, actor: &str, text: impl Into<String>) {
        self.tell(actor, What::Note { text: text.into() });
    }

    /// The last lines that a program wrote, or what became of it.
    pub(super) fn last_words(&self, program: &str) -> Vec<String> {
        const LINES: usize = 5;
        let mut last: Vec<String> = self
            .events
            .iter()
            .rev()
            .filter(|event| event.actor == program)
            .filter_map(|event| match &event.what {
                What::Wrote { text, .. } => Some(text.clone()),
                _ => None,
            })
            .take(LINES)
            .collect();
        last.reverse();
        last
    }

    pub(super) fn into_events(self) -> Vec<Event> {
        self.events
    }
}
