//! What lessons share: who asks, how time is taken, and how the hardened client is set up for a lesson.

use crate::client::{self, GaveUp, Limits, Reply};
use crate::failure::Protocol::Tcp;
use crate::reproduce::{Stage, Trouble};
use crate::retry::{Backoff, Policy};
use crate::trace::Effect;
use crate::transform;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::thread::ScopedJoinHandle;
use std::time::Duration;

/// Where everything happens.
pub(super) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// What is asked.
pub(super) const LINE: &str = "Ipin";
/// Who asks.
pub(super) const CLIENT: &str = "client";
/// How long anything waits that a lesson set in motion itself.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// What servers of a lesson make of a request.
pub(super) fn answer(request: &str) -> String {
    transform::invert_case(transform::trim(request))
}

/// How a retrying client is set up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retrying {
    /// How the delay grows.
    pub(super) backoff: Backoff,
    /// The most attempts.
    pub(super) attempts: u32,
    /// On each of them.
    pub(super) each: Duration,
    /// On all of them.
    pub(super) total: Duration,
}

impl Retrying {
    /// Asks `address` and gives what came of it.
    pub(super) fn ask(self, stage: &Stage, address: SocketAddr) -> Effect {
        let policy = Policy {
            backoff: self.backoff,
            base: Duration::from_millis(100),
            cap: Duration::from_millis(400),
            seed: stage.seed(),
            attempts: NonZeroU32::new(self.attempts).unwrap_or(NonZeroU32::MIN),
        };
        let limits = Limits { connect: self.each, reply: self.each, total: self.total, longest_reply: 4096 };
        let settings = client::Settings { protocol: Tcp, limits, policy, budget: None };
        timed(stage, || match client::exchange(&stage.actor(CLIENT), &settings, &[address], LINE) {
            Ok(Reply { text, attempt, failures, .. }) => {
                let failure = failures.into_iter().next_back().map(|last| last.failure);
                Effect { failure, ..Effect::success(text, attempt) }
            }
            Err(gave_up) => ended(&gave_up),
        })
    }
}

fn ended(gave_up: &GaveUp) -> Effect {
    Effect::failed(gave_up.last().clone(), gave_up.attempts())
}

/// What came of `act`, and how long it took.
pub(super) fn timed(stage: &Stage, act: impl FnOnce() -> Effect) -> Effect {
    let began = stage.recorder().elapsed();
    let effect = act();
    Effect { took: stage.recorder().elapsed().saturating_sub(began), ..effect }
}

/// What a thread of a lesson ended with.
pub(super) fn joined<T>(thread: ScopedJoinHandle<T>) -> Result<T, Trouble> {
    thread.join().map_err(|_| Trouble::broke("a thread of the lesson panicked"))
}
