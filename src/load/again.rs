//! Requests with all their attempts: what a strategy says when one fails. Without a strategy a request is one attempt.

use super::tally::{Because, Tally};
use crate::failure::Op;
use crate::retry::{Call, Caller, Ended, Next, Strategy};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// An attempt of a request, under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Attempt {
    /// When the answer is too late.
    pub(super) until: Duration,
    /// When its request was to be made, from which latency counts.
    made: Duration,
    /// Its call, where a strategy has one.
    call: usize,
}

/// One client for all requests.
#[derive(Clone, Debug)]
pub(super) struct Again {
    timeout: Duration,
    client: Option<Client>,
    /// Attempts that were made.
    pub(super) attempts: u64,
}

/// A client that keeps to a strategy.
#[derive(Clone, Debug)]
struct Client {
    caller: Caller,
    calls: Vec<Call>,
    /// Calls that have ended, whose places are free.
    free: Vec<usize>,
    /// When attempts are to be made that follow a failed one.
    due: BinaryHeap<Reverse<(Duration, Attempt)>>,
}

impl Again {
    /// Attempts may take `timeout`.
    pub(super) fn new(timeout: Duration, strategy: Option<Strategy>, seed: u64) -> Self {
        let client = strategy.map(|strategy| Client {
            caller: Caller::new(Strategy { timeout, ..strategy }, seed),
            calls: Vec::new(),
            free: Vec::new(),
            due: BinaryHeap::new(),
        });
        Self { timeout, client, attempts: 0 }
    }

    /// The first attempt of a request that was to be made at `made`; nothing when the client keeps it back.
    pub(super) fn first(&mut self, made: Duration, now: Duration, tally: &mut Tally) -> Option<Attempt> {
        let call = self.client.as_mut().map_or(0, |client| client.opens(made));
        self.attempt(Attempt { until: made.saturating_add(self.timeout), made, call }, made, now, tally)
    }

    /// The next attempt whose time has come.
    pub(super) fn due(&mut self, now: Duration, tally: &mut Tally) -> Option<Attempt> {
        loop {
            let due = &mut self.client.as_mut()?.due;
            let Reverse((at, attempt)) = *due.peek().filter(|Reverse((at, _))| *at <= now)?;
            due.pop();
            if let Some(attempt) = self.attempt(attempt, at, now, tally) {
                return Some(attempt);
            }
        }
    }

    /// When it comes.
    pub(super) fn next_due(&self) -> Option<Duration> {
        self.client.as_ref()?.due.peek().map(|Reverse((at, _))| *at)
    }

    fn attempt(
        &mut self,
        attempt: Attempt,
        at: Duration,
        now: Duration,
        tally: &mut Tally,
    ) -> Option<Attempt> {
        let mut timeout = self.timeout;
        if let Some(Client { caller, calls, free, .. }) = &mut self.client {
            match caller.send(&mut calls[attempt.call], now) {
                Ok(most) => timeout = most,
                Err(refusal) => {
                    free.push(attempt.call);
                    tally.fail(Because::Refused(refusal), Op::Send);
                    return None;
                }
            }
        }
        self.attempts += 1;
        Some(Attempt { until: at.saturating_add(timeout), ..attempt })
    }

    /// The answer came.
    pub(super) fn answered(&mut self, attempt: Attempt, now: Duration, tally: &mut Tally) {
        if let Some(Client { caller, calls, free, .. }) = &mut self.client {
            caller.succeeded(&calls[attempt.call], now);
            free.push(attempt.call);
        }
        tally.answer(attempt.made, now);
    }

    /// The attempt failed: there will be another one, or its request failed with it.
    pub(super) fn failed(
        &mut self,
        attempt: Attempt,
        because: Because,
        op: Op,
        now: Duration,
        tally: &mut Tally,
    ) {
        if let Some(Client { caller, calls, free, due }) = &mut self.client {
            let how = if because == Because::Timeout { Ended::TimedOut } else { Ended::Failed };
            if let Next::Retry(delay) = caller.failed(&mut calls[attempt.call], now, how) {
                due.push(Reverse((now.saturating_add(delay), attempt)));
                return;
            }
            free.push(attempt.call);
        }
        tally.fail(because, op);
    }
}

impl Client {
    /// A place for a new call.
    fn opens(&mut self, now: Duration) -> usize {
        let call = self.caller.call(now);
        if let Some(place) = self.free.pop() {
            self.calls[place] = call;
            return place;
        }
        self.calls.push(call);
        self.calls.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retry::{Backoff, Kind};

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn without_a_strategy_a_failed_attempt_is_a_failed_request() {
        let (mut again, mut tally) = (Again::new(MS(100), None, 1), Tally::new());
        tally.make(MS(0), MS(0));
        let attempt = again.first(MS(0), MS(0), &mut tally).unwrap();
        assert_eq!(attempt.until, MS(100));
        again.failed(attempt, Because::Timeout, Op::Receive, MS(100), &mut tally);
        assert_eq!((tally.failed, tally.open(), again.next_due()), (1, 0, None));
    }

    #[test]
    fn a_request_fails_with_its_last_attempt_and_latency_counts_from_the_first() {
        let strategy = Kind::Retry(Backoff::None).strategy();
        let (mut again, mut tally) = (Again::new(MS(100), Some(strategy), 1), Tally::new());
        tally.make(MS(0), MS(0));
        let mut attempt = again.first(MS(0), MS(0), &mut tally).unwrap();
        for made in 1..4 {
            again.failed(attempt, Because::Closed, Op::Receive, MS(made * 10), &mut tally);
            assert_eq!((tally.failed, again.next_due()), (0, Some(MS(made * 10))), "attempt {made}");
            attempt = again.due(MS(made * 10), &mut tally).unwrap();
            assert_eq!(attempt.until, MS(made * 10 + 100));
        }
        assert_eq!(again.attempts, 4);
        let (mut ended, mut lost) = (again.clone(), tally.clone());
        ended.failed(attempt, Because::Closed, Op::Receive, MS(50), &mut lost);
        assert_eq!(lost.failed, 1, "the fourth was its last");
        again.answered(attempt, MS(50), &mut tally);
        assert!((49.9..50.2).contains(&tally.latency().unwrap().max));
    }

    #[test]
    fn what_an_open_circuit_keeps_back_is_told_as_such() {
        let (mut again, mut tally) = (Again::new(MS(100), Some(Kind::Breaker.strategy()), 1), Tally::new());
        for at in 0..5 {
            tally.make(MS(at), MS(at));
            let attempt = again.first(MS(at), MS(at), &mut tally).unwrap();
            again.failed(attempt, Because::Closed, Op::Receive, MS(at), &mut tally);
        }
        tally.make(MS(9), MS(9));
        assert_eq!(again.first(MS(9), MS(9), &mut tally), None);
        let kept = tally.errors();
        assert_eq!((kept[0].call, kept[0].family), ("circuit-open", None));
    }
}
