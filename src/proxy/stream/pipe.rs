//! The toxics of one direction of a connection, in a row.

use super::{End, Link, Piece};
use crate::impair::Effect;
use std::collections::VecDeque;
use std::time::Duration;

/// Bytes that wait to be written before the last toxic has to wait.
const OUT: usize = 256 * 1024;

/// One direction of a connection.
#[derive(Debug, Default)]
pub(in crate::proxy) struct Pipe {
    links: Vec<Link>,
    out: VecDeque<Piece>,
    out_bytes: usize,
}

/// What a toxic did, to how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::proxy) struct Act {
    /// Which toxic.
    pub(in crate::proxy) toxic: u64,
    /// What it did.
    pub(in crate::proxy) effect: Effect,
    /// To how many bytes.
    pub(in crate::proxy) bytes: usize,
}

impl Pipe {
    /// Whether there is a use for it.
    pub(in crate::proxy) fn is_plain(&self) -> bool {
        self.links.is_empty() && self.out.is_empty()
    }

    /// Whether more can be pushed. Without room the sender has to wait.
    pub(in crate::proxy) fn has_room(&self) -> bool {
        self.links.first().map_or(self.out_bytes < OUT, Link::has_room)
    }

    /// Takes in a piece that arrives now.
    pub(in crate::proxy) fn push(&mut self, piece: Piece, now: Duration) {
        self.give(0, piece, now);
    }

    fn give(&mut self, to: usize, piece: Piece, at: Duration) {
        if let Some(link) = self.links.get_mut(to) {
            link.take(piece, at);
        } else {
            self.out_bytes += piece.length();
            self.out.push_back(piece);
        }
    }

    /// Moves on every piece whose time has come, and tells what was done to them.
    pub(in crate::proxy) fn advance(&mut self, now: Duration, acts: &mut Vec<Act>) {
        let mut moved = true;
        while moved {
            moved = false;
            for at in 0..self.links.len() {
                while self.takes(at + 1)
                    && let Some((piece, time)) = self.links[at].next(now)
                {
                    self.give(at + 1, piece, time);
                    moved = true;
                }
                moved |= self.links[at].wake(now);
            }
        }
        for link in &mut self.links {
            let toxic = link.id.0;
            acts.extend(link.line.acts.drain(..).map(|(effect, bytes)| Act { toxic, effect, bytes }));
        }
    }

    fn takes(&self, link: usize) -> bool {
        self.links.get(link).map_or(self.out_bytes < OUT, Link::has_room)
    }

    /// The next piece to be delivered.
    pub(in crate::proxy) fn front(&self) -> Option<&Piece> {
        self.out.front()
    }

    /// So many bytes of it were delivered, or all of it.
    pub(in crate::proxy) fn delivered(&mut self, bytes: usize) {
        match self.out.front_mut() {
            Some(Piece::Data(data)) if bytes < data.len() => {
                self.out_bytes -= bytes;
                *data = data.split_off(bytes);
            }
            Some(piece) => {
                self.out_bytes -= piece.length();
                self.out.pop_front();
            }
            None => {}
        }
    }

    /// When it has to be looked at again; [`Duration::MAX`] for not by itself.
    pub(in crate::proxy) fn due(&self) -> Duration {
        let links = self.links.iter().enumerate();
        let open = links.filter(|(at, _)| self.takes(at + 1)).map(|(_, link)| link.due());
        open.min().unwrap_or(Duration::MAX)
    }

    /// Bytes that are in it.
    pub(in crate::proxy) fn bytes(&self) -> usize {
        self.out_bytes + self.links.iter().map(|link| link.line.bytes).sum::<usize>()
    }

    /// Whether nothing but an end is in it that is held for ever.
    pub(in crate::proxy) fn is_stuck(&self) -> bool {
        self.bytes() == 0 && self.out.is_empty() && self.due() == Duration::MAX
    }

    /// Makes the links those of `wanted`, in that order. What a toxic held that is no longer wanted goes on to the
    /// next one at once; what a changed one held is taken anew by its new self, as of when it arrived.
    pub(in crate::proxy) fn sync(
        &mut self,
        wanted: &[(u64, u64)],
        now: Duration,
        mut make: impl FnMut((u64, u64)) -> Option<Link>,
    ) {
        // From the last to the first: what is further on its way stays ahead.
        for at in (0..self.links.len()).rev() {
            if !wanted.iter().any(|id| id.0 == self.links[at].id.0) {
                self.remove(at, now);
            }
        }
        let mut at = 0;
        for id in wanted {
            match self.links.get(at) {
                Some(present) if present.id == *id => at += 1,
                Some(changed) if changed.id.0 == id.0 => match make(*id) {
                    Some(link) => {
                        let old = std::mem::replace(&mut self.links[at], link);
                        for (piece, arrived) in old.into_pieces() {
                            self.give(at, piece, arrived);
                        }
                        at += 1;
                    }
                    None => self.remove(at, now),
                },
                _ => {
                    if let Some(link) = make(*id) {
                        self.links.insert(at, link);
                        at += 1;
                    }
                }
            }
        }
    }

    fn remove(&mut self, at: usize, now: Duration) {
        let link = self.links.remove(at);
        let closes = link.closes_when_removed();
        for (piece, _) in link.into_pieces() {
            self.give(at, piece, now);
        }
        if closes {
            self.give(at, Piece::End(End::Closed), now);
        }
    }
}
