//! What the threads of a run tell its timeline. One thread decides; all others only see and tell.

use super::process::Ending;
use crate::failure::Protocol;
use crate::trace::{Diagnosis, Event, Stream};
use std::sync::mpsc;
use std::time::Duration;

pub(super) type Sender = mpsc::Sender<Message>;
pub(super) type Inbox = mpsc::Receiver<Message>;

/// A life of a program: which program, and its how manieth start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) role: usize,
    pub(super) life: usize,
}

/// Something that was seen, with the time of the run at which it was.
#[derive(Debug)]
pub(super) enum Message {
    /// A program wrote a line.
    Wrote { who: Who, at: Duration, stream: Stream, text: String },
    /// Nothing more will come on one of its streams.
    Silent { who: Who },
    /// It wrote more than it may.
    TooMuch { who: Who },
    /// It has ended.
    Ended { who: Who, at: Duration, ending: Ending },
    /// Something happened at a link.
    Link { at: Duration, event: Event },
    /// A program's address was looked at.
    Looked { role: usize, protocol: Protocol, began: Duration, found: Box<Diagnosis> },
    /// Somebody wants the run to end.
    Interrupted,
}
