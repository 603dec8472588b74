//! A program over the whole run: when it is started next, and all its starts so far.

use super::life::{Life, Readiness};
use crate::scenario::model::{Command, Program};
use std::time::Duration;

/// A program over the whole run.
#[derive(Debug)]
pub(super) struct Role<'a> {
    pub(super) program: &'a Program,
    pub(super) lives: Vec<Life>,
    /// When it is started next.
    pub(super) start: Option<Duration>,
    /// How often it was started again because it had ended.
    pub(super) restarts: u32,
    /// Whether it is started again as soon as it has ended.
    pub(super) rebinds: bool,
}

impl<'a> Role<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        Self { program, lives: Vec::new(), start: None, restarts: 0, rebinds: false }
    }

    /// What was started last, while it runs.
    pub(super) fn running(&mut self) -> Option<&mut Life> {
        self.lives.last_mut().filter(|life| life.is_running())
    }

    /// Whether it is a client: the timeline ends with the last of them.
    pub(super) fn is_client(&self) -> bool {
        self.program.listens.is_empty()
    }

    /// Whether it is one of this very program, which the scenario did not bring along.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.program.run, Command::Own(_))
    }

    /// Whether it only binds its address.
    pub(super) fn only_binds(&self) -> bool {
        matches!(&self.program.run, Command::Own(words) if words.get(1).is_some_and(|role| role == "holder"))
    }

    /// Whether it does nothing now, and nothing but a step starts it again.
    pub(super) fn rests(&self) -> bool {
        self.start.is_none() && !self.rebinds && self.lives.last().is_none_or(|life| life.is_over)
    }

    /// Whether it waits for clients, or has ended instead.
    pub(super) fn is_settled(&self) -> bool {
        self.start.is_none()
            && self.lives.last().is_none_or(|life| life.is_over || life.readiness == Readiness::Ready)
    }
}
