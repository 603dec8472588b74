//! Budgets, breakers, throttling and the caller that keeps to them: bounds that hold whatever happens, and the
//! transitions that their sources describe.

use netfault::knowledge;
use netfault::retry::{
    Admission, Backoff, Breaker, Budget, Call, Caller, Circuit, Ended, GiveUp, Hedge, Kind, Next, Preset,
    Refusal, State, Strategy, Throttle, Throttling, Tokens,
};
use proptest::prelude::*;
use proptest::strategy::Strategy as _;
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn retrying(attempts: u32) -> Strategy {
    let attempts = NonZeroU32::new(attempts).unwrap();
    Strategy::once(SECOND).retrying(attempts, Backoff::None, Duration::ZERO, Duration::ZERO)
}

/// Makes `requests` that all fail, `every` so often: how many attempts were sent.
fn all_fail(caller: &mut Caller, requests: u32, every: Duration) -> u32 {
    (0..requests).map(|number| attempts_that_fail(caller, every * number).0).sum()
}

fn attempts_that_fail(caller: &mut Caller, now: Duration) -> (u32, Option<GiveUp>) {
    let mut call = caller.call(now);
    loop {
        if caller.send(&mut call, now).is_err() {
            return (call.attempts(), None);
        }
        match caller.failed(&mut call, now, Ended::Failed) {
            Next::Retry(_) => {}
            Next::GiveUp(because) => return (call.attempts(), Some(because)),
        }
    }
}

fn succeed(caller: &mut Caller, now: Duration) -> Call {
    let mut call = caller.call(now);
    caller.send(&mut call, now).unwrap();
    caller.succeeded(&call, now);
    call
}

#[test]
fn every_strategy_is_explained_and_shows_what_it_runs() {
    for kind in Kind::ALL {
        let remedy = knowledge::remedy(kind.name());
        assert_ne!(remedy.en, remedy.id, "{kind}");
        assert!(!kind.formula().is_empty() && !kind.parameters().is_empty(), "{kind}");
        // a name of the formula that is no parameter would be a riddle
        // what a strategy has beside its delays is part of its formula
        let kept = kind.strategy();
        let told = [kept.budget.map(Budget::formula), kept.breaker.map(Breaker::formula)];
        let is_mixed = matches!(kind, Kind::Budget | Kind::Breaker | Kind::Preset(_));
        for part in told.into_iter().flatten().filter(|_| is_mixed) {
            assert!(kind.formula().contains(part), "{kind} does not tell of: {part}");
        }
        let names: Vec<&str> = kind.parameters().iter().map(|(name, _)| *name).collect();
        for word in
            ["base", "cap", "ttl", "ratio", "min_per_s", "max_tokens", "open_for", "hedge_after", "queue"]
        {
            let formula = kind.formula();
            let is_named = formula.split(|c: char| !c.is_alphanumeric() && c != '_').any(|it| it == word);
            assert!(!is_named || names.contains(&word), "{kind}: {word} of {formula} is none of {names:?}");
        }
    }
}

#[test]
fn a_name_stands_for_one_strategy() {
    let names: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
}

#[test]
fn without_a_budget_every_attempt_of_the_policy_is_made() {
    let mut caller = Caller::new(retrying(4), 1);
    assert_eq!(attempts_that_fail(&mut caller, SECOND), (4, Some(GiveUp::AttemptsSpent)));
}

#[test]
fn the_quota_of_aws_is_spent_by_a_hundred_retries_and_refilled_by_successes() {
    let mut caller = Caller::new(Preset::Aws.strategy(SECOND), 1);
    // two retries a request, five tokens each, of 500
    assert_eq!(all_fail(&mut caller, 50, Duration::ZERO), 150);
    assert_eq!(attempts_that_fail(&mut caller, SECOND), (1, Some(GiveUp::Budget)));
    for _ in 0..5 {
        succeed(&mut caller, SECOND);
    }
    assert_eq!(attempts_that_fail(&mut caller, SECOND), (2, Some(GiveUp::Budget)));
}

#[test]
fn a_retry_after_a_time_out_costs_twice_and_a_retry_that_succeeds_gives_back_what_it_took() {
    let mut caller = Caller::new(Preset::Aws.strategy(SECOND), 1);
    let left = |caller: &mut Caller| caller.tokens().unwrap().left(SECOND).to_bits();
    let mut call = caller.call(SECOND);
    caller.send(&mut call, SECOND).unwrap();
    assert!(matches!(caller.failed(&mut call, SECOND, Ended::TimedOut), Next::Retry(_)));
    assert_eq!(left(&mut caller), 490.0_f64.to_bits());
    caller.send(&mut call, SECOND).unwrap();
    caller.succeeded(&call, SECOND);
    assert_eq!(left(&mut caller), 500.0_f64.to_bits());
}

#[test]
fn grpc_makes_no_retry_at_half_of_its_tokens() {
    let strategy = Strategy { budget: Some(Budget::Grpc { max_tokens: 10, ratio: 0.1 }), ..retrying(100) };
    let mut caller = Caller::new(strategy, 1);
    // five failures leave five tokens, which is the half
    assert_eq!(attempts_that_fail(&mut caller, SECOND), (5, Some(GiveUp::Budget)));
    for _ in 0..11 {
        succeed(&mut caller, SECOND);
    }
    // 6.1, a failure takes one: 5.1, a retry may follow; its failure leaves 4.1
    assert_eq!(attempts_that_fail(&mut caller, SECOND), (2, Some(GiveUp::Budget)));
}

#[test]
fn finagles_deposits_are_forgotten_after_their_time() {
    let budget = Budget::Finagle { ttl: SECOND * 10, min_per_s: 0.0, ratio: 0.5 };
    let mut tokens = Caller::new(Strategy { budget: Some(budget), ..retrying(2) }, 1);
    succeed(&mut tokens, SECOND);
    succeed(&mut tokens, SECOND);
    assert_eq!(tokens.tokens().unwrap().left(SECOND).to_bits(), 1.0_f64.to_bits());
    assert_eq!(tokens.tokens().unwrap().left(SECOND * 12).to_bits(), 0.0_f64.to_bits());
}

#[test]
fn envoys_least_concurrency_is_always_allowed() {
    let budget = Budget::Envoy { ratio: 0.2, min: 3 };
    let mut caller = Caller::new(Strategy { budget: Some(budget), ..retrying(2) }, 1);
    let mut may_retry = 0;
    let mut calls: Vec<Call> = (0..10).map(|_| caller.call(SECOND)).collect();
    for call in &mut calls {
        caller.send(call, SECOND).unwrap();
    }
    for call in &mut calls {
        if let Next::Retry(_) = caller.failed(call, SECOND, Ended::Failed) {
            caller.send(call, SECOND).unwrap();
            may_retry += 1;
        }
    }
    assert_eq!(may_retry, 3);
    assert_eq!(Tokens::of(budget).left(SECOND).to_bits(), 3.0_f64.to_bits());
}

fn consecutive() -> Breaker {
    Breaker::Consecutive { failures: 3, open_for: SECOND, probes: 1 }
}

/// A circuit after three failures.
fn opened() -> Circuit {
    let mut circuit = Circuit::of(consecutive());
    for _ in 0..3 {
        assert_eq!(circuit.state(Duration::ZERO), State::Closed);
        let epoch = circuit.lets_pass(Duration::ZERO).unwrap();
        circuit.ended(Duration::ZERO, epoch, false);
    }
    circuit
}

#[test]
fn a_circuit_opens_probes_and_closes() {
    let mut circuit = opened();
    assert_eq!(circuit.state(Duration::ZERO), State::Open { until: SECOND });
    assert!(circuit.lets_pass(millis(999)).is_none());
    let probe = circuit.lets_pass(SECOND).unwrap();
    assert!(circuit.lets_pass(SECOND).is_none(), "one probe at a time");
    circuit.ended(SECOND, probe, true);
    assert_eq!(circuit.state(SECOND), State::Closed);
    assert_eq!(circuit.opened(), 1);
}

#[test]
fn a_probe_that_fails_opens_the_circuit_again() {
    let mut circuit = opened();
    let probe = circuit.lets_pass(SECOND).unwrap();
    circuit.ended(SECOND, probe, false);
    assert_eq!(circuit.state(SECOND), State::Open { until: SECOND * 2 });
    assert_eq!(circuit.opened(), 2);
}

#[test]
fn what_began_before_a_circuit_opened_is_no_probe() {
    let mut circuit = Circuit::of(consecutive());
    let early: Vec<_> = (0..4).map(|_| circuit.lets_pass(Duration::ZERO).unwrap()).collect();
    for epoch in &early[..3] {
        circuit.ended(Duration::ZERO, *epoch, false);
    }
    assert_eq!(circuit.state(SECOND), State::HalfOpen { left: 1, missing: 1 });
    circuit.ended(SECOND, early[3], false);
    assert_eq!(circuit.state(SECOND), State::HalfOpen { left: 1, missing: 1 });
}

#[test]
fn a_success_between_failures_keeps_a_circuit_of_consecutive_ones_closed_and_a_rate_opens_it() {
    let rate = Breaker::Rate { share: 0.5, window: SECOND * 10, least: 10, open_for: SECOND, probes: 2 };
    let (mut consecutive, mut rate) = (Circuit::of(consecutive()), Circuit::of(rate));
    for number in 0..20_u32 {
        for circuit in [&mut consecutive, &mut rate] {
            if let Some(epoch) = circuit.lets_pass(millis(u64::from(number))) {
                circuit.ended(millis(u64::from(number)), epoch, number % 3 == 0);
            }
        }
    }
    assert_eq!((consecutive.opened(), rate.opened()), (0, 1));
}

#[test]
fn an_open_circuit_refuses_calls_of_its_client() {
    let mut caller = Caller::new(Strategy { breaker: Some(consecutive()), ..retrying(10) }, 1);
    assert_eq!(attempts_that_fail(&mut caller, Duration::ZERO), (3, None));
    let mut call = caller.call(Duration::ZERO);
    assert_eq!(caller.send(&mut call, Duration::ZERO), Err(Refusal::CircuitOpen));
}

#[test]
fn throttling_follows_its_formula() {
    let throttle = Throttle { k: 2.0, window: SECOND * 120 };
    assert_eq!(Throttling::of(throttle).refuses(SECOND).to_bits(), 0.0_f64.to_bits());
    let mut caller = Caller::new(Strategy { throttle: Some(throttle), ..retrying(1) }, 1);
    let sent = all_fail(&mut caller, 1000, millis(1));
    // of n requests of which none is accepted n/(n+1) are refused: about ln 1000 are sent
    assert!((1..40).contains(&sent), "{sent} of 1000 were sent");
}

#[test]
fn a_deadline_ends_a_request_whose_next_delay_would_pass_it() {
    let attempts = NonZeroU32::new(100).unwrap();
    let strategy = Strategy { total: Some(SECOND), ..Strategy::once(SECOND * 5) }.retrying(
        attempts,
        Backoff::Exponential,
        millis(300),
        SECOND * 10,
    );
    let mut caller = Caller::new(strategy, 1);
    let mut call = caller.call(Duration::ZERO);
    assert_eq!(caller.send(&mut call, Duration::ZERO), Ok(SECOND), "an attempt has what is left of it");
    assert_eq!(caller.failed(&mut call, millis(100), Ended::Failed), Next::Retry(millis(300)));
    assert_eq!(caller.send(&mut call, millis(400)), Ok(millis(600)));
    assert_eq!(caller.failed(&mut call, millis(500), Ended::Failed), Next::GiveUp(GiveUp::Deadline));
}

#[test]
fn a_hedge_is_sent_as_often_as_it_may_be() {
    let hedge = Hedge { after: millis(50), most: 2 };
    let mut caller = Caller::new(Strategy { hedge: Some(hedge), ..retrying(1) }, 1);
    let mut call = caller.call(SECOND);
    caller.send(&mut call, SECOND).unwrap();
    assert_eq!(caller.hedge_after(&call), Some(millis(50)));
    caller.hedged(&mut call);
    assert_eq!(caller.hedge_after(&call), None);
}

#[test]
fn a_server_takes_what_fits_its_queue_and_drops_what_nobody_waits_for() {
    assert!(Admission::OPEN.takes(1_000_000));
    let bounded = Admission { queue: Some(20), drops_expired: true, ..Admission::OPEN };
    assert!(bounded.takes(19) && !bounded.takes(20));
    assert!(bounded.drops(SECOND, Some(SECOND)) && !bounded.drops(SECOND, Some(SECOND * 2)));
    assert!(!bounded.drops(SECOND, None) && !Admission::OPEN.drops(SECOND, Some(Duration::ZERO)));
}

fn any_budget() -> impl proptest::strategy::Strategy<Value = Budget> {
    let ratio = || 0.0..1.0_f64;
    prop_oneof![
        (1..500_u32, 1..10_u32, 1..20_u32, 0..5_u32)
            .prop_map(|(tokens, retry, timeout, refund)| { Budget::Aws { tokens, retry, timeout, refund } }),
        (1..100_u32, ratio()).prop_map(|(max_tokens, ratio)| Budget::Grpc { max_tokens, ratio }),
        (1..20_u64, 0.0..20.0_f64, ratio()).prop_map(|(ttl, min_per_s, ratio)| Budget::Finagle {
            ttl: SECOND * u32::try_from(ttl).unwrap(),
            min_per_s,
            ratio
        }),
    ]
}

/// The most retries that a budget ever allows with so many requests in so long a time, whatever becomes of them.
fn most(budget: Budget, requests: f64, successes: f64, lasts: f64) -> f64 {
    match budget {
        Budget::Aws { tokens, retry, timeout, refund } => {
            let cheapest = f64::from(retry.min(timeout));
            (f64::from(tokens) + successes * f64::from(refund.max(retry).max(timeout))) / cheapest
        }
        Budget::Grpc { max_tokens, ratio } => f64::from(max_tokens) / 2.0 + successes * ratio + 1.0,
        Budget::Finagle { ttl, min_per_s, ratio } => {
            // what is free is free again when the retries that took it are forgotten
            let windows = (lasts / ttl.as_secs_f64() * 10.0 / 9.0).ceil() + 1.0;
            requests * ratio + windows * min_per_s * ttl.as_secs_f64() + 1.0
        }
        Budget::Envoy { .. } => f64::INFINITY,
    }
}

proptest! {
    #[test]
    fn a_budget_is_never_exceeded(
        budget in any_budget(),
        fates in prop::collection::vec(any::<[bool; 5]>(), 1..200),
        every in 0..2_000_u64,
        timeouts in any::<bool>(),
    ) {
        let mut caller = Caller::new(Strategy { budget: Some(budget), ..retrying(5) }, 1);
        let (mut retries, mut successes, mut now) = (0.0, 0.0, Duration::ZERO);
        let how = if timeouts { Ended::TimedOut } else { Ended::Failed };
        for fate in &fates {
            now += millis(every);
            let mut call = caller.call(now);
            for succeeds in fate {
                caller.send(&mut call, now).unwrap();
                if *succeeds {
                    caller.succeeded(&call, now);
                    successes += 1.0;
                    break;
                }
                if let Next::GiveUp(_) = caller.failed(&mut call, now, how) {
                    break;
                }
            }
            retries += f64::from(call.attempts() - 1);
        }
        let requests = f64::from(u32::try_from(fates.len()).unwrap());
        let most = most(budget, requests, successes, now.as_secs_f64());
        prop_assert!(retries <= most + 1e-6, "{retries} retries, at most {most} are allowed");
    }

    #[test]
    fn a_caller_does_the_same_for_the_same_seed(seed in any::<u64>(), preset in prop::sample::select(Preset::ALL)) {
        let delays = || {
            let mut caller = Caller::new(preset.strategy(SECOND), seed);
            let mut call = caller.call(SECOND);
            let mut delays = Vec::new();
            while caller.send(&mut call, SECOND).is_ok() {
                match caller.failed(&mut call, SECOND, Ended::Failed) {
                    Next::Retry(after) => delays.push(after),
                    Next::GiveUp(_) => break,
                }
            }
            delays
        };
        prop_assert!(!delays().is_empty());
        prop_assert_eq!(delays(), delays());
    }

    #[test]
    fn an_open_circuit_lets_nothing_pass_before_its_time(
        open_for in 1..10_000_u64,
        fates in prop::collection::vec((0..2_000_u64, any::<bool>()), 1..200),
    ) {
        let breaker = Breaker::Consecutive { failures: 2, open_for: millis(open_for), probes: 2 };
        let mut circuit = Circuit::of(breaker);
        let mut now = Duration::ZERO;
        for (passed, succeeds) in fates {
            now += millis(passed);
            let open = matches!(circuit.state(now), State::Open { until } if now < until);
            match circuit.lets_pass(now) {
                Some(epoch) => {
                    prop_assert!(!open);
                    circuit.ended(now, epoch, succeeds);
                }
                None => prop_assert!(open),
            }
        }
    }
}
