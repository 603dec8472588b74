//! Frames that are still to be cut: what is decided about each packet of one, and what goes on together.

use super::packets::Going;
use super::told::Came;
use super::{Forwarder, wire};
use crate::impair::{Effect, Packet};
use crate::vnet::packet::{OFFLOAD, Offload, Uncut};
use std::ops::Range;
use std::time::Duration;

/// Packets of a frame that go on together.
struct Run {
    due: Duration,
    which: Range<usize>,
    /// What rules did to each of them.
    effects: Vec<(usize, Effect)>,
}

impl Forwarder {
    /// Decides about each packet of a frame that is still to be cut. Those to which the same is done stay together.
    pub(super) fn cut(&mut self, came: &Came, uncut: &Uncut, going: &mut Vec<Going>) {
        let mut run: Option<Run> = None;
        for at in 0..uncut.count() {
            let seen = uncut.seen(at..at + 1);
            self.effects.clear();
            let fate = self.wires[came.port].decide(&seen, came.at, &mut self.effects);
            let due = match &fate {
                wire::Fate::Passes => Some(came.at),
                wire::Fate::Goes(packets) => match packets[..] {
                    [Packet { at, flipped: None, .. }] => Some(at),
                    _ => None,
                },
                wire::Fate::Filtered(_) => None,
            };
            if let Some(run) = run.as_mut().filter(|run| due == Some(run.due) && self.effects == run.effects)
            {
                run.which.end = at + 1;
                continue;
            }
            self.go(came, uncut, run.take(), going);
            if let Some(due) = due {
                run = Some(Run { due, which: at..at + 1, effects: self.effects.clone() });
            } else {
                self.deal_with_one(came, uncut, at, fate, going);
            }
        }
        self.go(came, uncut, run, going);
    }

    fn deal_with_one(
        &mut self,
        came: &Came,
        uncut: &Uncut,
        at: usize,
        fate: wire::Fate,
        going: &mut Vec<Going>,
    ) {
        let mut raw = self.spare.take();
        uncut.some(at..at + 1, &mut raw);
        let seen = uncut.seen(at..at + 1);
        if let Some((header, frame)) = raw.split_first_chunk::<OFFLOAD>() {
            let one = Came { frame, offload: Offload::read(header), seen: Some(&seen), ..*came };
            if self.deal(&one, &seen, &raw, fate, going) {
                going.push(Going::Made(raw));
                return;
            }
        }
        self.spare.give_back(raw);
    }

    /// Has packets of a frame go on together.
    fn go(&mut self, came: &Came, uncut: &Uncut, run: Option<Run>, going: &mut Vec<Going>) {
        let Some(Run { due, which, effects }) = run else { return };
        let seen = uncut.seen(which.clone());
        let mut raw = self.spare.take();
        uncut.some(which, &mut raw);
        let fits = due <= came.at || self.wires[came.port].takes_in(raw.len());
        if let Some((header, frame)) = raw.split_first_chunk::<OFFLOAD>() {
            let some = Came { frame, offload: Offload::read(header), seen: Some(&seen), ..*came };
            self.tell_of(&some, &effects, fits, !fits);
        }
        if due <= came.at {
            going.push(Going::Made(raw));
        } else if fits {
            self.wait_until(due, came.port, raw);
        } else {
            self.spare.give_back(raw);
        }
    }
}
