//! The hardened client: a deadline over everything, every address tried, what may be repeated repeated, and every
//! failure reported. Blocking sockets, so that a trace shows exactly the system calls that were made.
//!
//! **What is repeated.** Before the request has left (refused, unreachable, no connection in time) any request may
//! be sent again. After that the server may have done the work already, and repeating is safe only because the
//! transform is idempotent: it keeps nothing, and the same line gets the same reply (but for its time). A client of
//! a service that keeps something must stop there, or mark its requests so that the server knows a repetition.
//! The trace has a note wherever a request is repeated that may have arrived.

mod judge;
mod session;
mod tcp;
mod udp;

pub use session::Session;

use crate::failure::{Failure, Protocol};
use crate::retry::{Budget, Policy};
use crate::trace::Actor;
use serde::Serialize;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

/// What a client keeps to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The transport.
    pub protocol: Protocol,
    /// The limits on time and size.
    pub limits: Limits,
    /// How often to try, and how long to wait in between.
    pub policy: Policy,
    /// How many retries there may be beside the requests of a session.
    pub budget: Option<Budget>,
}

/// Limits on time and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// On making one connection.
    pub connect: Duration,
    /// On one request and its reply.
    pub reply: Duration,
    /// On an exchange with all its attempts and the waits between them.
    pub total: Duration,
    /// Longest reply in bytes, without its line end.
    pub longest_reply: usize,
}

impl Settings {
    /// Settings that spend `total` evenly: each attempt may take its share, though not less than a second (or
    /// than `total`), because a limit shorter than the server needs turns a slow server into a failed one.
    pub fn within(total: Duration, protocol: Protocol, policy: Policy) -> Self {
        const LONGEST_REPLY: usize = 1 << 20;
        let share = (total / policy.attempts.get()).max(Duration::from_secs(1)).min(total);
        let limits = Limits { connect: share, reply: share, total, longest_reply: LONGEST_REPLY };
        Self { protocol, limits, policy, budget: None }
    }
}

/// A reply, and what it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The reply without its line end; bytes that are not UTF-8 became U+FFFD. The server wrote it: it may hold
    /// control characters.
    pub text: String,
    /// Who sent it.
    pub from: SocketAddr,
    /// The attempt that got it, from 1.
    pub attempt: u32,
    /// What failed before, in order.
    pub failures: Vec<Attempted>,
}

/// A failure, and in which attempt it was met. One attempt may meet several, one for each address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempted {
    /// The attempt, from 1.
    pub attempt: u32,
    /// The failure.
    #[serde(flatten)]
    pub failure: Failure,
}

/// An exchange without a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaveUp {
    /// Every failure, in order. Never empty.
    pub failures: Vec<Attempted>,
    /// Why no further attempt was made.
    pub because: Stop,
}

/// Why no further attempt is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The policy has no more attempts.
    AttemptsSpent,
    /// The session has made as many retries as its budget allows.
    Budget,
    /// The deadline has passed, or would have before the next attempt.
    Deadline,
    /// The same would fail in the same way again.
    Hopeless,
}

impl GaveUp {
    /// The failure that ended it.
    pub fn last(&self) -> &Failure {
        &self.failures[self.failures.len() - 1].failure
    }

    /// How many attempts were made.
    pub fn attempts(&self) -> u32 {
        self.failures[self.failures.len() - 1].attempt
    }
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let because = match self.because {
            Stop::AttemptsSpent => "no attempt is left",
            Stop::Budget => "the retry budget is spent",
            Stop::Deadline => "no time is left",
            Stop::Hopeless => "another attempt would end in the same way",
        };
        write!(f, "{} (attempt {}; {because})", self.last(), self.attempts())
    }
}

impl std::error::Error for GaveUp {}

/// Sends `line` to the first of `addresses` that answers, and gives the reply.
///
/// # Panics
/// Without addresses, or with a line end inside `line`.
pub fn exchange(
    actor: &Actor,
    settings: &Settings,
    addresses: &[SocketAddr],
    line: &str,
) -> Result<Reply, GaveUp> {
    Session::new(actor, settings, addresses).exchange(line)
}
