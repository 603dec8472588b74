//! What became of the requests: how long answers took, from when their requests were to be made, so that a server that
//! stalls does not thin out the requests that would have shown it; and in which ways the others failed.

use crate::failure::{Code, Errno, Op, Platform};
use crate::fault::Family;
use crate::knowledge;
use crate::retry::Refusal;
use crate::trace::{Bin, FailedSo, Latency};
use hdrhistogram::Histogram;
use std::collections::HashMap;
use std::io;
use std::time::Duration;

/// No answer takes longer than is measured: the longest time-out.
const LONGEST: u64 = 3_600_000_000_000;
/// Bars that a decade of time is divided into.
const PER_DECADE: i32 = 5;

/// Why a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Because {
    /// The operating system said so.
    Code(i32),
    /// The other end ended the stream.
    Closed,
    /// Nothing came in time.
    Timeout,
    /// The client's own strategy did not make it.
    Refused(Refusal),
}

impl Because {
    pub(super) fn of(error: &io::Error) -> Self {
        error.raw_os_error().map_or(Self::Closed, Self::Code)
    }

    /// What told of it: a call, or the client that made none.
    const fn told_by(self, op: Op) -> &'static str {
        match self {
            Self::Refused(Refusal::CircuitOpen) => "circuit-open",
            Self::Refused(Refusal::Throttled) => "throttled",
            _ => op.name(),
        }
    }

    fn family(self) -> Option<Family> {
        match self {
            Self::Code(code) => Code::numbered(Platform::HERE, code).map(knowledge::family_of),
            Self::Closed => Some(Family::BadResponse),
            Self::Timeout => Some(Family::Timeout),
            Self::Refused(_) => None,
        }
    }
}

/// The count of everything.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) sent: u64,
    pub(super) answered: u64,
    pub(super) failed: u64,
    pub(super) reconnections: u64,
    latencies: Histogram<u64>,
    lags: Histogram<u64>,
    failures: HashMap<(Because, Op), u64>,
}

impl Tally {
    pub(super) fn new() -> Self {
        let histogram =
            || Histogram::new_with_bounds(1, LONGEST, 3).expect("the bounds and digits are in range");
        Self {
            sent: 0,
            answered: 0,
            failed: 0,
            reconnections: 0,
            latencies: histogram(),
            lags: histogram(),
            failures: HashMap::new(),
        }
    }

    /// A request is made that was to be made at `at`.
    pub(super) fn make(&mut self, at: Duration, now: Duration) {
        self.sent += 1;
        self.lags.saturating_record(nanos(now.saturating_sub(at)));
    }

    /// The answer to a request that was to be made at `at`.
    pub(super) fn answer(&mut self, at: Duration, now: Duration) {
        self.answered += 1;
        self.latencies.saturating_record(nanos(now.saturating_sub(at)));
    }

    /// A request failed.
    pub(super) fn fail(&mut self, because: Because, op: Op) {
        self.failed += 1;
        *self.failures.entry((because, op)).or_default() += 1;
    }

    /// Requests of which nothing is known yet.
    pub(super) fn open(&self) -> u64 {
        self.sent - self.answered - self.failed
    }

    /// Whether at this rank the lateness of requests alone is more than `grain`, and most of how long answers took.
    pub(super) fn is_late_at(&self, rank: f64, grain: Duration) -> bool {
        let (lag, latency) = (self.lags.value_at_quantile(rank), self.latencies.value_at_quantile(rank));
        lag > nanos(grain) && lag > latency / 2
    }

    pub(super) fn latency(&self) -> Option<Latency> {
        ranks(&self.latencies)
    }

    pub(super) fn lag(&self) -> Option<Latency> {
        ranks(&self.lags)
    }

    /// Every way in which requests failed, the most frequent first.
    pub(super) fn errors(&self) -> Vec<FailedSo> {
        let mut errors: Vec<FailedSo> = self
            .failures
            .iter()
            .map(|((because, op), count)| FailedSo {
                family: because.family().map(Family::id),
                errno: match because {
                    Because::Code(code) => Some(Errno::here(*code).name.into_owned()),
                    _ => None,
                },
                call: because.told_by(*op),
                count: *count,
            })
            .collect();
        errors.sort_by(|one, other| {
            other.count.cmp(&one.count).then_with(|| (one.family, one.call).cmp(&(other.family, other.call)))
        });
        errors
    }

    /// Answers over spans of time that grow by the same factor; none is left out between the first and the last.
    pub(super) fn bins(&self) -> Vec<Bin> {
        if self.latencies.is_empty() {
            return Vec::new();
        }
        let end = |step: i32| 10_f64.powf(f64::from(step) / f64::from(PER_DECADE));
        // The first span ends at 10 µs: less than that cannot be told apart by clocks and wake-ups.
        let (mut step, mut from) = (-2 * PER_DECADE, 0.0);
        let mut bins = Vec::new();
        let mut counts = self.latencies.iter_recorded().peekable();
        while counts.peek().is_some() {
            let to = end(step);
            let mut count = 0;
            while let Some(value) = counts.next_if(|value| millis(value.value_iterated_to()) <= to) {
                count += value.count_at_value();
            }
            if count > 0 || !bins.is_empty() {
                bins.push(Bin { from_ms: rounded(from), to_ms: rounded(to), count });
            }
            (step, from) = (step + 1, to);
        }
        bins
    }
}

fn ranks(histogram: &Histogram<u64>) -> Option<Latency> {
    let at = |rank| rounded(millis(histogram.value_at_quantile(rank)));
    (!histogram.is_empty()).then(|| Latency {
        min: rounded(millis(histogram.min())),
        p50: at(0.5),
        p90: at(0.9),
        p99: at(0.99),
        p99_9: at(0.999),
        max: rounded(millis(histogram.max())),
        mean: rounded(histogram.mean() / 1e6),
    })
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "exact up to a hundred days")]
fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}

/// To the microsecond.
fn rounded(millis: f64) -> f64 {
    (millis * 1e3).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_waited_for_its_turn_is_measured_from_when_it_was_to_be_made() {
        let mut tally = Tally::new();
        let millis = Duration::from_millis;
        tally.make(millis(0), millis(100));
        tally.answer(millis(0), millis(101));
        assert!((100.9..101.2).contains(&tally.latency().unwrap().max), "{:?}", tally.latency());
        assert!(tally.is_late_at(0.5, millis(1)));
    }

    #[test]
    fn the_bins_hold_every_answer() {
        let mut tally = Tally::new();
        for micros in [1, 5, 80, 80, 900, 30_000] {
            tally.answer(Duration::ZERO, Duration::from_micros(micros));
        }
        let bins = tally.bins();
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<u64>(), 6);
        assert!(bins.windows(2).all(|pair| (pair[0].to_ms - pair[1].from_ms).abs() < 1e-9));
        assert!(Tally::new().bins().is_empty());
    }

    #[test]
    fn failures_are_counted_by_family_errno_and_call() {
        let mut tally = Tally::new();
        let refused = Code::named("ECONNREFUSED").unwrap().number(Platform::HERE).unwrap();
        for _ in 0..2 {
            tally.fail(Because::Code(refused), Op::Connect);
        }
        for _ in 0..3 {
            tally.fail(Because::Timeout, Op::Receive);
        }
        let told: Vec<_> = tally
            .errors()
            .into_iter()
            .map(|one| (one.family.unwrap(), one.errno, one.call, one.count))
            .collect();
        let refused = Some("ECONNREFUSED".to_owned());
        assert_eq!(told, [("timeout", None, "recv", 3), ("connection-refused", refused, "connect", 2)]);
    }
}
