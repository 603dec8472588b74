//! One client's side of the protocol: received bytes in, replies out, and the deadline by which the next thing
//! must happen. Knows no socket, so that it can be tested without one; owns no buffer while it is idle.

use super::clock::Clock;
use super::{Limits, Settings, Summary};
use crate::transform::{self, Refusal, Reply, Timestamp};
use std::time::Duration;

/// Replies are made until so many bytes are waiting to be sent; the rest of the input is kept for later.
const ENOUGH: usize = 64 * 1024;

/// What a connection needs for one step.
#[derive(Debug)]
pub(super) struct Step<'a> {
    limits: &'a Limits,
    style: Reply,
    /// Since the server started.
    now: Duration,
    stamp: &'a Timestamp,
    pub(super) summary: &'a mut Summary,
    /// Replies are appended here.
    pub(super) out: &'a mut Vec<u8>,
}

impl<'a> Step<'a> {
    /// A step without replies yet: what an earlier one left in `out` was for a client that failed, and is nobody
    /// else's.
    pub(super) fn new(
        settings: &'a Settings,
        clock: &'a Clock,
        summary: &'a mut Summary,
        out: &'a mut Vec<u8>,
    ) -> Self {
        out.clear();
        let (now, stamp) = (clock.now(), clock.stamp());
        Self { limits: &settings.limits, style: settings.reply, now, stamp, summary, out }
    }
}

/// What a deadline that has passed means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expired {
    /// Replies are to be sent.
    Answered,
    /// The connection is to be closed once the replies are sent, or at once if there are none.
    Over(&'static str),
}

/// The state of one connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// Received and not yet answered: less than a line, or more lines than there was room to answer.
    held: Vec<u8>,
    /// So many bytes of `held` are known to hold no line end.
    scanned: usize,
    /// `held` has lines that can be answered.
    backlog: bool,
    /// The line was too long; its rest is not looked at.
    skipping: bool,
    /// Replies that the socket did not take yet.
    unsent: Vec<u8>,
    sent: usize,
    /// When the line that has begun must have ended.
    line_due: Option<Duration>,
    due: Duration,
}

impl Connection {
    pub(super) fn new(now: Duration, limits: &Limits) -> Self {
        Self {
            held: Vec::new(),
            scanned: 0,
            backlog: false,
            skipping: false,
            unsent: Vec::new(),
            sent: 0,
            line_due: None,
            due: now + limits.idle,
        }
    }

    /// When [`Self::expire`] is to be called, unless something else happens first.
    pub(super) fn due(&self) -> Duration {
        self.due
    }

    /// Whether [`Self::resume`] has something to answer.
    pub(super) fn has_backlog(&self) -> bool {
        self.backlog
    }

    /// Whether everything that was received is answered, and every reply sent.
    pub(super) fn is_idle(&self) -> bool {
        self.held.is_empty() && !self.skipping && self.unsent.is_empty()
    }

    /// Replies that the socket has still to take.
    pub(super) fn unsent(&self) -> &[u8] {
        &self.unsent[self.sent..]
    }

    /// The socket took so many bytes of [`Self::unsent`].
    pub(super) fn took(&mut self, bytes: usize, step: &Step) {
        self.sent += bytes;
        if self.sent == self.unsent.len() {
            self.unsent = Vec::new();
            self.sent = 0;
            // The client could not go on while it was not read from: its line gets its time again.
            self.line_due = None;
            self.reckon(step);
        }
    }

    /// The socket does not take these replies now; nothing more is read until it has.
    pub(super) fn keep(&mut self, unsent: &[u8], step: &Step) {
        self.unsent.extend_from_slice(unsent);
        self.due = step.now + step.limits.write;
    }

    /// Bytes have arrived.
    pub(super) fn receive(&mut self, bytes: &[u8], step: &mut Step) {
        if self.held.is_empty() {
            let used = self.answer(bytes, step);
            self.held.extend_from_slice(&bytes[used..]);
            self.reckon(step);
        } else {
            self.held.extend_from_slice(bytes);
            self.resume(step);
        }
    }

    /// There is room for more replies.
    pub(super) fn resume(&mut self, step: &mut Step) {
        let mut held = std::mem::take(&mut self.held);
        let used = self.answer(&held, step);
        if used < held.len() {
            held.drain(..used);
            self.held = held;
        }
        self.reckon(step);
    }

    /// The other end will send no more: what has arrived is the last line.
    pub(super) fn end(&mut self, step: &mut Step) {
        self.skipping = false;
        if !self.held.is_empty() {
            let line = std::mem::take(&mut self.held);
            answer_line(&line, step);
        }
        self.scanned = 0;
        self.line_due = None;
        self.reckon(step);
    }

    /// [`Self::due`] has passed.
    pub(super) fn expire(&mut self, step: &mut Step) -> Expired {
        if !self.unsent.is_empty() {
            return Expired::Over("not-reading");
        }
        match self.line_due {
            None => Expired::Over("idle"),
            Some(due) if due <= step.now => {
                transform::refuse(Refusal::TooSlow, step.style, step.out);
                step.out.push(b'\n');
                Expired::Over(Refusal::TooSlow.code())
            }
            Some(_) => {
                self.end(step);
                Expired::Answered
            }
        }
    }

    /// Answers the lines of `input` while there is room, and tells how many bytes are done with.
    fn answer(&mut self, input: &[u8], step: &mut Step) -> usize {
        let mut used = 0;
        self.backlog = false;
        loop {
            if step.out.len() >= ENOUGH {
                self.backlog = true;
                break;
            }
            let rest = &input[used..];
            let Some(length) = transform::line_end(&rest[self.scanned..]).map(|end| self.scanned + end)
            else {
                break;
            };
            if !std::mem::take(&mut self.skipping) {
                answer_line(&rest[..length], step);
            }
            used += length + 1;
            self.scanned = 0;
            self.line_due = None;
        }
        if self.backlog {
            return used;
        }
        let rest = &input[used..];
        if !self.skipping && transform::without_return(rest).len() > step.limits.line {
            refuse_line(step);
            self.skipping = true;
        }
        if self.skipping {
            self.scanned = 0;
            return input.len();
        }
        self.scanned = rest.len();
        used
    }

    /// Sets the deadline of the state that a step ended in.
    fn reckon(&mut self, step: &Step) {
        if self.backlog || (self.held.is_empty() && !self.skipping) {
            self.line_due = None;
            self.due = step.now + step.limits.idle;
        } else {
            let line_due = *self.line_due.get_or_insert(step.now + step.limits.delivery);
            self.due = line_due.min(step.now + step.limits.quiet);
        }
    }
}

fn answer_line(line: &[u8], step: &mut Step) {
    let line = transform::without_return(line);
    if line.len() > step.limits.line {
        refuse_line(step);
        return;
    }
    match transform::reply(line, step.style, step.stamp, step.out) {
        Ok(()) => step.summary.lines += 1,
        Err(refusal) => step.summary.refuse(refusal.code()),
    }
    step.out.push(b'\n');
}

fn refuse_line(step: &mut Step) {
    let refusal = Refusal::TooLong { limit: step.limits.line };
    step.summary.refuse(refusal.code());
    transform::refuse(refusal, step.style, step.out);
    step.out.push(b'\n');
}

#[cfg(test)]
mod tests;
