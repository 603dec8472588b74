//! What goes wrong at one backend, asked by time. What goes wrong on the way to it is the [way](super::way)'s.

use crate::recover::{Trouble, What, World};
use std::collections::VecDeque;
use std::time::Duration;

/// The troubles of one backend.
#[derive(Clone, Debug)]
pub(super) struct Troubles(Vec<Trouble>);

impl Troubles {
    pub(super) fn of(world: &World, backend: usize) -> Self {
        let concerns = |it: &&Trouble| it.backend.is_none_or(|concerned| concerned == backend);
        let mut troubles: Vec<_> = world.troubles.iter().filter(concerns).copied().collect();
        troubles.sort_by_key(|it| it.from);
        Self(troubles)
    }

    /// Whether nothing is wrong.
    pub(super) fn none(&self, now: Duration) -> bool {
        self.now(now).next().is_none()
    }

    /// Those for which the server stops, in order.
    pub(super) fn stops(&self) -> VecDeque<Trouble> {
        self.0.iter().filter(|it| matches!(it.what, What::Down | What::Restart)).copied().collect()
    }

    /// When work begins that could begin then: not while workers stand still.
    pub(super) fn begins(&self, then: Duration) -> Duration {
        self.stalls()
            .fold(then, |at, stall| if (stall.from..stall.until).contains(&at) { stall.until } else { at })
    }

    /// When work is over that begins then and takes so long: what would be over while workers
    /// stand still is over when they go on.
    pub(super) fn ends(&self, begins: Duration, takes: Duration) -> Duration {
        self.stalls()
            .filter(|stall| stall.from >= begins)
            .fold(begins + takes, |ends, stall| if stall.from < ends { ends.max(stall.until) } else { ends })
    }

    /// When the workers go on, if they stand still now.
    pub(super) fn goes_on(&self, now: Duration) -> Option<Duration> {
        Some(self.begins(now)).filter(|at| *at > now)
    }

    fn stalls(&self) -> impl Iterator<Item = &Trouble> {
        self.0.iter().filter(|it| it.what == What::Stall)
    }

    fn now(&self, now: Duration) -> impl Iterator<Item = &Trouble> {
        self.0.iter().filter(move |it| (it.from..it.until).contains(&now))
    }
}
