//! A run as a sequence diagram tells it: who takes part, and what went from whom to whom. What was seen is kept apart
//! from what only follows from it: an arrow knows of each of its ends whether anybody saw it. Knows nothing of how it
//! is drawn.

mod actors;
mod elide;
mod tell;

pub(super) use actors::Kind;

use crate::lang::Lang;
use crate::trace::Run;
use actors::Actors;
use std::time::Duration;

/// Who takes part, and what happened.
pub(super) struct Story {
    /// From left to right: those who ask, links, those who are asked.
    pub(super) columns: Vec<Column>,
    /// In order of time.
    pub(super) moments: Vec<Moment>,
}

/// One who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The actor, or an address of which nobody is known.
    pub(super) name: String,
    /// What it is.
    pub(super) kind: Kind,
}

/// Something that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    /// Since the start of the trace.
    pub(super) at: Duration,
    /// The event that it tells of.
    pub(super) seq: usize,
    /// What is drawn.
    pub(super) what: Drawn,
    /// How it went.
    pub(super) tone: Tone,
}

/// The shapes of a diagram.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Drawn {
    /// From one column to another.
    Arrow(Arrow),
    /// Text on a column.
    Mark {
        /// The column.
        on: usize,
        /// The text.
        text: String,
        /// Who saw it.
        source: Source,
    },
    /// A wait on a column.
    Wait {
        /// The column.
        on: usize,
        /// The text.
        text: String,
    },
    /// Text across all columns: a step of the plan.
    Across {
        /// The text.
        text: String,
    },
    /// Moments that are left out.
    Left {
        /// How many.
        moments: usize,
        /// When the last of them was.
        until: Duration,
    },
}

/// From one column to another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Arrow {
    /// Where it begins.
    pub(super) from: usize,
    /// Where it leads.
    pub(super) to: usize,
    /// What it is.
    pub(super) label: String,
    /// Who saw it.
    pub(super) source: Source,
    /// Whether its beginning was seen.
    pub(super) left: bool,
    /// Whether it came to its end.
    pub(super) tip: Tip,
}

/// Who saw something; of an arrow at least one of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// The socket call of a program that writes a trace.
    Call,
    /// The fault proxy, which relayed it.
    Link,
    /// A virtual network, through which the packet itself went.
    Packet,
    /// The runner, which started the program and reads its output.
    Runner,
}

/// The end of an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tip {
    /// It was seen to arrive.
    Seen,
    /// It should have arrived; nobody who writes a trace is there.
    Inferred,
    /// It came to nothing.
    Stopped,
}

/// How something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// As usual.
    Plain,
    /// Not as wanted.
    Bad,
    /// A fault that was put in on purpose.
    Fault,
    /// Beside the point.
    Faint,
}

impl Story {
    /// The story of `run`, of at most about `most` moments: of more, those in which nothing but the usual happens
    /// are left out.
    pub(super) fn of(run: &Run, lang: Lang, most: usize) -> Self {
        let actors = Actors::of(run, lang);
        let moments = tell::moments(run, &actors, lang);
        Self { columns: actors.columns, moments: elide::at_most(most, moments) }
    }
}
