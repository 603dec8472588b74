//! What a client does about failures: how long to wait before the next attempt, and whether there is one at all.
//! Seeded and pure: time comes in as an argument, nothing here sleeps, reads a clock or knows what is retried.
//!
//! A [`Strategy`] is data: time-out, deadline, attempts and backoff, [`Budget`], [`Breaker`], [`Throttle`],
//! [`Hedge`]. A [`Caller`] is one client that keeps to it, for whoever drives it in whichever time.
//! What a server does about too much work is [`Admission`].
//!
//! With v = min(cap, base · 2ⁿ), n counting the failed attempts from 0, and U(a, b) uniform in \[a, b\], the
//! delays are (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015):
//!
//! | policy | delay |
//! |-|-|
//! | none | 0 |
//! | exponential | v |
//! | full jitter | U(0, v) |
//! | equal jitter | v/2 + U(0, v/2) |
//! | decorrelated jitter | s = min(cap, U(base, 3 · s of the delay before)), the first from s = base |
//! | grpc | v · U(0.8, 1.2): the jitter comes after the cap (gRFC A6) |
//! | envoy | U\[0, min(cap, base · (2ⁿ⁺¹ − 1))) (Envoy, "Automatic retries") |
//!
//! Without jitter, clients that failed together come back together; with it they spread out. Full jitter costs
//! the fewest calls for nearly the best completion time.

mod admission;
mod backoff;
mod breaker;
mod budget;
mod caller;
mod kind;
mod preset;
mod strategy;
mod throttle;
mod window;

pub use admission::Admission;
pub use backoff::Backoff;
pub use breaker::{Breaker, Circuit, Epoch, State};
pub use budget::{Budget, Tokens};
pub use caller::{Call, Caller, Ended, GiveUp, Next, Refusal};
pub use kind::{Kind, Parameter};
pub use preset::Preset;
pub use strategy::{Hedge, Strategy};
pub use throttle::{Throttle, Throttling};

use fastrand::Rng;
use std::num::NonZeroU32;
use std::time::Duration;

/// How often to try, and how long to wait in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How the delay grows.
    pub backoff: Backoff,
    /// The delay from which it grows.
    pub base: Duration,
    /// No delay is longer than this, but that of gRPC, which adds up to a fifth.
    pub cap: Duration,
    /// Where the randomness comes from: the same seed gives the same delays, on every platform.
    pub seed: u64,
    /// How many attempts there are, the first one included.
    pub attempts: NonZeroU32,
}

impl Policy {
    /// One attempt, no other.
    pub const ONCE: Self = Self {
        backoff: Backoff::None,
        base: Duration::ZERO,
        cap: Duration::ZERO,
        seed: 0,
        attempts: NonZeroU32::MIN,
    };

    /// The delays before the second attempt, the third, and so on: one fewer than there are attempts.
    pub fn delays(&self) -> Delays {
        let first = self.base.min(self.cap);
        Delays { policy: *self, left: self.attempts.get() - 1, grown: first, rng: Rng::with_seed(self.seed) }
    }
}

/// The delays of a [`Policy`], in order.
#[derive(Clone, Debug)]
pub struct Delays {
    policy: Policy,
    left: u32,
    /// v of the formulas; for decorrelated jitter the delay before; for Envoy's the bound.
    grown: Duration,
    rng: Rng,
}

impl Iterator for Delays {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        let v = self.grown;
        self.grown = match self.policy.backoff {
            // 2(2ⁿ − 1) + 1 = 2ⁿ⁺¹ − 1
            Backoff::Envoy => v.saturating_mul(2).saturating_add(self.policy.base),
            _ => v.saturating_mul(2),
        }
        .min(self.policy.cap);
        Some(match self.policy.backoff {
            Backoff::None => Duration::ZERO,
            Backoff::Exponential => v,
            Backoff::FullJitter => self.between(Duration::ZERO, v),
            Backoff::EqualJitter => v / 2 + self.between(Duration::ZERO, v / 2),
            Backoff::Decorrelated => {
                let widest = v.saturating_mul(3);
                self.grown = self.between(self.policy.base.min(widest), widest).min(self.policy.cap);
                self.grown
            }
            Backoff::Grpc => self.between(v.saturating_mul(4) / 5, v.saturating_add(v / 5)),
            Backoff::Envoy => self.between(Duration::ZERO, v.saturating_sub(Duration::from_nanos(1))),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Delays {}

impl Delays {
    /// A duration from `least` to `most`, each nanosecond as likely as the next.
    fn between(&mut self, least: Duration, most: Duration) -> Duration {
        let nanos = |duration: Duration| u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(self.rng.u64(nanos(least)..=nanos(most)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::strategy::Strategy;

    fn policy(backoff: Backoff, attempts: u32) -> Policy {
        let attempts = NonZeroU32::new(attempts).unwrap();
        Policy {
            backoff,
            base: Duration::from_millis(100),
            cap: Duration::from_millis(1500),
            seed: 7,
            attempts,
        }
    }

    fn millis(policy: Policy) -> Vec<u128> {
        policy.delays().map(|delay| delay.as_millis()).collect()
    }

    #[test]
    fn exponential_doubles_up_to_the_cap() {
        assert_eq!(millis(policy(Backoff::Exponential, 7)), [100, 200, 400, 800, 1500, 1500]);
    }

    #[test]
    fn none_waits_for_nothing() {
        assert_eq!(millis(policy(Backoff::None, 4)), [0, 0, 0]);
        assert_eq!(Policy::ONCE.delays().next(), None);
    }

    #[test]
    fn a_seed_gives_these_delays_on_every_platform() {
        assert_eq!(millis(policy(Backoff::FullJitter, 6)), [77, 44, 287, 384, 174]);
        assert_eq!(millis(policy(Backoff::EqualJitter, 6)), [88, 122, 343, 592, 837]);
        assert_eq!(millis(policy(Backoff::Decorrelated, 6)), [254, 247, 562, 863, 389]);
    }

    fn any_policy() -> impl Strategy<Value = Policy> {
        let duration = || (0..u64::MAX).prop_map(Duration::from_nanos);
        let usual = || (0..10_000_000_000_u64).prop_map(Duration::from_nanos);
        (
            prop::sample::select(Backoff::ALL),
            prop_oneof![usual(), duration()],
            prop_oneof![usual(), duration()],
            any::<u64>(),
            1_u32..80,
        )
            .prop_map(|(backoff, base, cap, seed, attempts)| {
                let attempts = NonZeroU32::new(attempts).unwrap();
                Policy { backoff, base, cap, seed, attempts }
            })
    }

    proptest! {
        #[test]
        fn there_is_one_delay_fewer_than_attempts(policy in any_policy()) {
            let delays = policy.delays();
            prop_assert_eq!(delays.len(), policy.attempts.get() as usize - 1);
            prop_assert_eq!(delays.count(), policy.attempts.get() as usize - 1);
        }

        #[test]
        fn no_delay_is_longer_than_the_cap_but_grpcs_fifth(policy in any_policy()) {
            let most = match policy.backoff {
                Backoff::Grpc => policy.cap.saturating_add(policy.cap / 5),
                _ => policy.cap,
            };
            prop_assert!(policy.delays().all(|delay| delay <= most));
        }

        #[test]
        fn the_same_seed_gives_the_same_delays(policy in any_policy()) {
            prop_assert!(policy.delays().eq(policy.delays()));
        }

        #[test]
        fn every_delay_keeps_the_bounds_of_its_formula(policy in any_policy()) {
            let exponential = Policy { backoff: Backoff::Exponential, ..policy };
            let mut before = policy.base;
            for (delay, v) in policy.delays().zip(exponential.delays()) {
                let (least, most) = match policy.backoff {
                    Backoff::None => (Duration::ZERO, Duration::ZERO),
                    Backoff::Exponential => (v, v),
                    Backoff::FullJitter => (Duration::ZERO, v),
                    Backoff::EqualJitter => (v / 2, v),
                    Backoff::Decorrelated => {
                        (policy.base.min(policy.cap), before.saturating_mul(3).min(policy.cap))
                    }
                    Backoff::Grpc => (v.saturating_mul(4) / 5, v.saturating_add(v / 5)),
                    Backoff::Envoy => (Duration::ZERO, v.saturating_mul(2).min(policy.cap)),
                };
                prop_assert!((least..=most).contains(&delay), "{delay:?} is not in {least:?}..={most:?}");
                before = delay;
            }
        }

        #[test]
        fn jitter_depends_on_the_seed(one in any::<u64>(), other in any::<u64>()) {
            prop_assume!(one != other);
            for backoff in [Backoff::FullJitter, Backoff::EqualJitter, Backoff::Decorrelated] {
                let delays = |seed| Policy { seed, ..policy(backoff, 9) }.delays();
                prop_assert!(delays(one).ne(delays(other)));
            }
        }
    }
}
