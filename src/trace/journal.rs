//! Where a trace is written to: memory, a file, both, or neither.

use super::saved::ndjson_line;
use super::{Event, Evidence};
use serde::Serialize;
use std::fmt;
use std::io::Write;

/// What was written down so far.
pub(super) struct Journal {
    keeps: bool,
    events: Vec<Event>,
    written: usize,
    out: Option<Box<dyn Write + Send>>,
}

impl Journal {
    /// An empty one, in memory if it `keeps`.
    pub(super) fn new(keeps: bool) -> Self {
        Self { keeps, events: Vec::new(), written: 0, out: None }
    }

    /// Writes lines to `out` too, from now on.
    pub(super) fn save_to(&mut self, out: Box<dyn Write + Send>) {
        self.out = Some(out);
    }

    pub(super) fn keeps(&self) -> bool {
        self.keeps
    }

    /// The events in memory.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// The number of the next event.
    pub(super) fn next(&self) -> usize {
        self.written
    }

    /// Adds the next event.
    pub(super) fn add(&mut self, event: Event) {
        self.save(&event);
        self.written += 1;
        if self.keeps {
            self.events.push(event);
        }
    }

    /// Evidence is kept by whose eyes saw it; here it is only saved.
    pub(super) fn add_evidence(&mut self, evidence: &Evidence) {
        self.save(evidence);
    }

    /// A line goes out in one piece and at once, so that a program that is killed leaves a trace that is as good as
    /// it goes. A disk that is full ends the trace and not the program.
    fn save(&mut self, line: &impl Serialize) {
        let Some(out) = &mut self.out else { return };
        let written = out.write_all(ndjson_line(line).as_bytes()).and_then(|()| out.flush());
        if let Err(error) = written {
            tracing::warn!(%error, "the trace cannot be written any further");
            self.out = None;
        }
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("written", &self.written).finish_non_exhaustive()
    }
}
