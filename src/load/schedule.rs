//! When requests are to be made, in an open loop: pure, and the same for the same seed. Knows no clock.

use fastrand::Rng;
use std::time::Duration;

/// How requests of one rate follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrivals {
    /// Always after the same time.
    Even,
    /// As independent users come: the times between are distributed exponentially.
    Poisson,
}

impl Arrivals {
    /// Every way.
    pub const ALL: &[Self] = &[Self::Even, Self::Poisson];

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Even => "even",
            Self::Poisson => "poisson",
        }
    }
}

/// The times at which requests are to be made, from the start of the load.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    arrivals: Arrivals,
    rate: f64,
    random: Rng,
    made: u64,
    /// Seconds to the next one.
    next: f64,
}

impl Schedule {
    pub(super) fn new(rate: f64, arrivals: Arrivals, seed: u64) -> Self {
        let mut schedule = Self { arrivals, rate, random: Rng::with_seed(seed), made: 0, next: 0.0 };
        if arrivals == Arrivals::Poisson {
            schedule.next = schedule.gap();
        }
        schedule
    }

    /// When the next request is to be made.
    pub(super) fn next(&self) -> Duration {
        Duration::try_from_secs_f64(self.next).unwrap_or(Duration::MAX)
    }

    /// It was made.
    pub(super) fn advance(&mut self) {
        self.made += 1;
        self.next = match self.arrivals {
            // Counted and not added up, so that nothing of a rounding is left after a million requests.
            #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 requests")]
            Arrivals::Even => self.made as f64 / self.rate,
            Arrivals::Poisson => self.next + self.gap(),
        };
    }

    /// Whether so many more are to be made before `end`.
    pub(super) fn owes(mut self, more: u64, end: Duration) -> bool {
        for _ in 0..more {
            if self.next() >= end {
                return false;
            }
            self.advance();
        }
        true
    }

    fn gap(&mut self) -> f64 {
        -libm::log(1.0 - self.random.f64()) / self.rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(rate: f64, arrivals: Arrivals, seed: u64, count: usize) -> Vec<Duration> {
        let mut schedule = Schedule::new(rate, arrivals, seed);
        let mut next = || {
            let at = schedule.next();
            schedule.advance();
            at
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn even_arrivals_come_after_the_same_time() {
        let expected: Vec<Duration> = (0..4).map(|number| Duration::from_millis(number * 250)).collect();
        assert_eq!(times(4.0, Arrivals::Even, 1, 4), expected);
    }

    #[test]
    fn poisson_arrivals_have_the_rate_and_their_seed_repeats_them() {
        let one = times(1000.0, Arrivals::Poisson, 7, 10_000);
        assert_eq!(one, times(1000.0, Arrivals::Poisson, 7, 10_000));
        assert_ne!(one, times(1000.0, Arrivals::Poisson, 8, 10_000));
        let seconds = one.last().unwrap().as_secs_f64();
        assert!((9.5..10.5).contains(&seconds), "{seconds}");
    }

    #[test]
    fn what_is_still_to_be_made_before_the_end_is_known() {
        let schedule = Schedule::new(10.0, Arrivals::Even, 1);
        assert!(schedule.clone().owes(10, Duration::from_secs(1)));
        assert!(!schedule.owes(11, Duration::from_secs(1)));
    }
}
