//! The three errors of the course's sixth question as lessons: each makes its failure happen, and then tries, for real,
//! what a student may choose to do about it, wrong choices among them. One error a file.
//!
//! What a choice teaches stands under its name in `knowledge/lessons/`. A failure comes from the kernel; where a
//! server is late or slow, its delay is the fault itself.

mod address_in_use;
mod connection_refused;
mod name;
mod promise;
mod timeout;
mod work;

pub use name::NoLesson;

use crate::failure::Failure;
use crate::fault::Family;
use crate::reproduce::{Stage, Trouble};
use crate::trace::{Came, Effect};
use promise::Promise;

/// One of the three errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lesson {
    /// A server that is stuck.
    Timeout,
    /// A server that is not there, or not yet.
    ConnectionRefused,
    /// A server that is started again.
    AddressInUse,
}

/// Something that can be done about a failure.
#[derive(Debug)]
pub struct Choice {
    /// Its name, by which the catalogue tells of it.
    pub id: &'static str,
    attempt: fn(&Stage) -> Result<Effect, Trouble>,
    promise: Promise,
}

/// How often something is tried anew because somebody else took its port.
const TRIES: u32 = 3;

impl Lesson {
    /// Every lesson, in the order in which the course asks.
    pub const ALL: &[Self] = &[Self::Timeout, Self::ConnectionRefused, Self::AddressInUse];

    /// The family that it is about; its id is the name of the lesson.
    pub const fn family(self) -> Family {
        match self {
            Self::Timeout => Family::Timeout,
            Self::ConnectionRefused => Family::ConnectionRefused,
            Self::AddressInUse => Family::AddressInUse,
        }
    }

    /// What can be done, in the order in which it is offered.
    pub const fn choices(self) -> &'static [Choice] {
        match self {
            Self::Timeout => timeout::CHOICES,
            Self::ConnectionRefused => connection_refused::CHOICES,
            Self::AddressInUse => address_in_use::CHOICES,
        }
    }

    /// Makes the failure happen that the lesson is about.
    pub fn fail(self, seed: u64) -> Result<Failure, Trouble> {
        on_stage(
            seed,
            match self {
                Self::Timeout => timeout::fail,
                Self::ConnectionRefused => connection_refused::fail,
                Self::AddressInUse => address_in_use::fail,
            },
        )
    }
}

impl Choice {
    /// Does it, on a stage of its own.
    pub fn run(&self, seed: u64) -> Effect {
        match on_stage(seed, self.attempt) {
            Ok(effect) => {
                let came = if self.promise.is_kept_by(&effect) { Came::AsSaid } else { Came::Otherwise };
                Effect { choice: self.id, came, ..effect }
            }
            Err(trouble) => {
                let came = match trouble {
                    Trouble::Unsupported { .. } => Came::Unsupported,
                    Trouble::PortTaken { .. } | Trouble::Broke { .. } => Came::Otherwise,
                };
                Effect::not_tried(self.id, came, reason(trouble))
            }
        }
    }
}

/// Why something could not be tried, in words.
pub fn reason(trouble: Trouble) -> String {
    match trouble {
        Trouble::Unsupported { needs } => needs,
        Trouble::PortTaken { address } => format!("somebody else took {address}, {TRIES} times in a row"),
        Trouble::Broke { why } => why,
    }
}

fn on_stage<T>(seed: u64, act: fn(&Stage) -> Result<T, Trouble>) -> Result<T, Trouble> {
    let mut left = TRIES;
    loop {
        let acted = act(&Stage::new(seed, true));
        left -= 1;
        if left == 0 || !matches!(acted, Err(Trouble::PortTaken { .. })) {
            return acted;
        }
    }
}
