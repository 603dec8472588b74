//! A client that keeps to a strategy: it is told what happened and when, and says what comes next.

use super::breaker::Epoch;
use super::{Circuit, Delays, Policy, Strategy, Throttling, Tokens};
use fastrand::Rng;
use std::time::Duration;

/// One client, for all its requests: budget, breaker and throttle are shared by them.
#[derive(Clone, Debug)]
pub struct Caller {
    strategy: Strategy,
    tokens: Option<Tokens>,
    circuit: Option<Circuit>,
    throttling: Option<Throttling>,
    rng: Rng,
}

/// One request of a [`Caller`], with all its attempts.
#[derive(Clone, Debug)]
pub struct Call {
    started: Duration,
    deadline: Option<Duration>,
    attempts: u32,
    sent_at_once: u32,
    delays: Delays,
    took: f64,
    epoch: Epoch,
}

/// How an attempt ended without a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// No reply in time.
    TimedOut,
    /// The server said no, or the connection broke.
    Failed,
}

/// What comes after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another attempt, after this long.
    Retry(Duration),
    /// No other.
    GiveUp(GiveUp),
}

/// Why there is no other attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiveUp {
    /// The policy has no more.
    AttemptsSpent,
    /// The deadline would pass before it.
    Deadline,
    /// The budget is spent.
    Budget,
}

/// Why an attempt is not sent at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The circuit is open.
    CircuitOpen,
    /// The client refuses itself.
    Throttled,
}

impl Caller {
    /// A client with nothing behind it. Its seed decides every delay, together with the order of its calls.
    pub fn new(strategy: Strategy, seed: u64) -> Self {
        Self {
            strategy,
            tokens: strategy.budget.map(Tokens::of),
            circuit: strategy.breaker.map(Circuit::of),
            throttling: strategy.throttle.map(Throttling::of),
            rng: Rng::with_seed(seed ^ strategy.policy.seed),
        }
    }

    /// What it keeps to.
    pub fn strategy(&self) -> &Strategy {
        &self.strategy
    }

    /// Its circuit, if it has one.
    pub fn circuit(&mut self) -> Option<&mut Circuit> {
        self.circuit.as_mut()
    }

    /// Its budget, if it has one.
    pub fn tokens(&mut self) -> Option<&mut Tokens> {
        self.tokens.as_mut()
    }

    /// A new request, at `now`.
    pub fn call(&mut self, now: Duration) -> Call {
        let policy = Policy { seed: self.rng.u64(..), ..self.strategy.policy };
        Call {
            started: now,
            deadline: self.strategy.total.map(|total| now.saturating_add(total)),
            attempts: 0,
            sent_at_once: 0,
            delays: policy.delays(),
            took: 0.0,
            epoch: Epoch::default(),
        }
    }

    /// Sends an attempt at `now`, its first or one that [`Next::Retry`] announced: how long it may take.
    pub fn send(&mut self, call: &mut Call, now: Duration) -> Result<Duration, Refusal> {
        if let Some(throttling) = &mut self.throttling
            && !throttling.lets_pass(now, &mut self.rng)
        {
            return Err(Refusal::Throttled);
        }
        if let Some(circuit) = &mut self.circuit {
            call.epoch = circuit.lets_pass(now).ok_or(Refusal::CircuitOpen)?;
        }
        if let Some(tokens) = &mut self.tokens {
            tokens.sent(now, call.attempts > 0);
        }
        call.attempts += 1;
        call.sent_at_once = 1;
        let left = call.deadline.map_or(Duration::MAX, |deadline| deadline.saturating_sub(now));
        Ok(self.strategy.timeout.min(left))
    }

    /// After how long without a reply an attempt is sent once more, when it still may be.
    pub fn hedge_after(&self, call: &Call) -> Option<Duration> {
        let hedge = self.strategy.hedge?;
        (call.sent_at_once < hedge.most).then_some(hedge.after)
    }

    /// The attempt is sent once more beside itself.
    pub fn hedged(&mut self, call: &mut Call) {
        call.sent_at_once += 1;
    }

    /// The reply came.
    pub fn succeeded(&mut self, call: &Call, now: Duration) {
        self.ended(call, now, true);
        if let Some(throttling) = &mut self.throttling {
            throttling.accepted(now);
        }
    }

    /// The attempt ended without a reply: what comes next.
    pub fn failed(&mut self, call: &mut Call, now: Duration, how: Ended) -> Next {
        self.ended(call, now, false);
        let Some(delay) = call.delays.next() else { return Next::GiveUp(GiveUp::AttemptsSpent) };
        if call.deadline.is_some_and(|deadline| now.saturating_add(delay) >= deadline) {
            return Next::GiveUp(GiveUp::Deadline);
        }
        if let Some(tokens) = &mut self.tokens {
            let Some(took) = tokens.take(now, how == Ended::TimedOut) else {
                return Next::GiveUp(GiveUp::Budget);
            };
            call.took = took;
        }
        Next::Retry(delay)
    }

    fn ended(&mut self, call: &Call, now: Duration, succeeded: bool) {
        if let Some(tokens) = &mut self.tokens {
            tokens.ended(call.attempts > 1, succeeded, call.took);
        }
        if let Some(circuit) = &mut self.circuit {
            circuit.ended(now, call.epoch, succeeded);
        }
    }
}

impl Call {
    /// When it began.
    pub fn started(&self) -> Duration {
        self.started
    }

    /// When all must be over.
    pub fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Attempts that were sent, hedges not counted.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}
