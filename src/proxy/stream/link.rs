//! One toxic of one direction of one connection.

use super::{Behaviour, Line, Piece, behaviour};
use crate::impair::{Dice, Rule, Window};
use std::time::Duration;

/// A toxic at work, and the pieces that it holds.
#[derive(Debug)]
pub(in crate::proxy) struct Link {
    /// Which toxic it is, and which version of it.
    pub(in crate::proxy) id: (u64, u64),
    behaviour: Box<dyn Behaviour>,
    window: Window,
    /// When the toxic was put in place.
    since: Duration,
    pub(super) line: Line,
}

impl Link {
    /// The link of a rule; `None` when the rule does not apply to this connection, or does nothing to streams.
    pub(in crate::proxy) fn new(
        id: (u64, u64),
        rule: &Rule,
        since: Duration,
        now: Duration,
        mut dice: Dice,
    ) -> Option<Self> {
        let applies = dice.chance(rule.probability);
        let behaviour = behaviour(&rule.impairment, now, dice).filter(|_| applies)?;
        Some(Self { id, behaviour, window: rule.window, since, line: Line::new(rule.window.end(since)) })
    }

    pub(super) fn take(&mut self, piece: Piece, at: Duration) {
        if self.is_on(at) {
            self.behaviour.take(piece, at, &mut self.line);
        } else {
            self.line.pass(piece, at, at);
        }
    }

    fn is_on(&self, at: Duration) -> bool {
        self.window.contains(at.saturating_sub(self.since))
    }

    pub(super) fn has_room(&self) -> bool {
        self.line.bytes < self.behaviour.room()
    }

    /// The first piece, if it goes on by `now`, and when it should have gone.
    pub(super) fn next(&mut self, now: Duration) -> Option<(Piece, Duration)> {
        if self.line.held.front()?.until > now {
            return None;
        }
        let held = self.line.held.pop_front()?;
        self.line.bytes -= held.piece.length();
        Some((held.piece, held.until))
    }

    /// Lets the toxic do what is due, and tells whether something was.
    pub(super) fn wake(&mut self, now: Duration) -> bool {
        let is_due = self.behaviour.due().is_some_and(|due| due <= now) && self.is_on(now);
        if is_due {
            self.behaviour.wake(now, &mut self.line);
        }
        is_due
    }

    /// When a piece goes on or the toxic has to do something.
    pub(super) fn due(&self) -> Duration {
        let first = self.line.held.front().map_or(Duration::MAX, |held| held.until);
        let own = self.behaviour.due().map_or(Duration::MAX, |due| {
            // A toxic that sleeps does what it has to when its time begins.
            due.max(self.since.saturating_add(self.window.from))
        });
        let over = own >= self.window.end(self.since);
        first.min(if over { Duration::MAX } else { own })
    }

    /// All that it holds, in order, with the times of arrival.
    pub(super) fn into_pieces(self) -> impl Iterator<Item = (Piece, Duration)> {
        self.line.held.into_iter().map(|held| (held.piece, held.arrived))
    }

    pub(super) fn closes_when_removed(&self) -> bool {
        self.behaviour.closes_when_removed()
    }
}
