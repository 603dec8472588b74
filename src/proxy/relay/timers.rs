//! Turns that connections and UDP clients are due at a time.

use super::{Relay, Who};
use mio::Token;
use std::cmp::Reverse;
use std::time::Duration;

/// So many turns may be planned that nobody needs any more.
const SPARE: usize = 1024;

impl Relay {
    /// Takes the turns whose time has come.
    pub(super) fn timers(&mut self) {
        while let Some(Reverse((at, token))) = self.timers.peek().copied()
            && at <= self.now
        {
            self.timers.pop();
            let who = Who::of(Token(token));
            match who {
                Who::Client(place) => {
                    let Some(connection) = self.connections.get_mut(place) else { continue };
                    // Another turn was planned since, or none.
                    if connection.planned != at {
                        continue;
                    }
                    connection.planned = Duration::MAX;
                }
                Who::Session(place) => {
                    let Some(session) = self.sessions.get_mut(place) else { continue };
                    if session.planned != at {
                        continue;
                    }
                    session.planned = Duration::MAX;
                }
                Who::Door(_) | Who::Server(_) => {}
            }
            self.turn(who);
        }
    }

    /// Plans a turn.
    pub(super) fn plan(&mut self, at: Duration, who: Who) {
        if self.timers.len() > 2 * (self.connections.len() + self.sessions.len()) + SPARE {
            self.sort_out();
        }
        self.timers.push(Reverse((at, who.token().0)));
    }

    /// Forgets the turns of those who have gone, and those that were planned anew since: they would stay until their
    /// time, which may be hours away.
    fn sort_out(&mut self) {
        let mut timers = std::mem::take(&mut self.timers);
        timers.retain(|Reverse((at, token))| match Who::of(Token(*token)) {
            Who::Client(place) => self.connections.get(place).is_some_and(|it| it.planned == *at),
            Who::Session(place) => self.sessions.get(place).is_some_and(|it| it.planned == *at),
            Who::Door(_) | Who::Server(_) => false,
        });
        self.timers = timers;
    }
}
