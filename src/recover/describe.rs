//! What an arm keeps to, as names and numbers for scripts: only what it has.

use super::Arm;
use crate::retry::{Admission, Breaker, Budget, Strategy};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The parameters of an arm.
pub(super) fn params(arm: &Arm) -> Map<String, Value> {
    let Strategy { timeout, total, policy, budget, breaker, throttle, hedge, tells_deadline, keyed } =
        arm.strategy;
    let Admission { queue, drops_expired, needs, drain, keeps_keys } = arm.admission;
    let retries = policy.attempts.get() > 1;
    let all = [
        ("timeout_ms", Some(millis(timeout))),
        ("total_ms", total.map(millis)),
        ("attempts", Some(json!(policy.attempts))),
        ("backoff", retries.then(|| json!(policy.backoff.name()))),
        ("base_ms", (retries && !policy.base.is_zero()).then(|| millis(policy.base))),
        ("cap_ms", (retries && !policy.cap.is_zero()).then(|| millis(policy.cap))),
        ("budget", budget.map(of_budget)),
        ("breaker", breaker.map(of_breaker)),
        ("throttle", throttle.map(|it| json!({"k": it.k, "window_ms": millis(it.window)}))),
        ("hedge", hedge.map(|it| json!({"after_ms": millis(it.after), "most": it.most}))),
        ("tells_deadline", tells_deadline.then_some(Value::Bool(true))),
        ("keyed", keyed.then_some(Value::Bool(true))),
        ("new_key_each_attempt", arm.new_key_each_attempt.then_some(Value::Bool(true))),
        ("queue", queue.map(Value::from)),
        ("drops_expired", drops_expired.then_some(Value::Bool(true))),
        ("needs_ms", (!needs.is_zero()).then(|| millis(needs))),
        ("drain_ms", drain.map(millis)),
        ("keeps_keys_ms", keeps_keys.map(millis)),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

fn of_budget(budget: Budget) -> Value {
    match budget {
        Budget::Aws { tokens, retry, timeout, refund } => {
            json!({"kind": "aws", "tokens": tokens, "retry": retry, "timeout": timeout, "refund": refund})
        }
        Budget::Grpc { max_tokens, ratio } => {
            json!({"kind": "grpc", "max_tokens": max_tokens, "ratio": ratio})
        }
        Budget::Finagle { ttl, min_per_s, ratio } => {
            json!({"kind": "finagle", "ttl_ms": millis(ttl), "min_per_s": min_per_s, "ratio": ratio})
        }
        Budget::Envoy { ratio, min } => json!({"kind": "envoy", "ratio": ratio, "min": min}),
    }
}

fn of_breaker(breaker: Breaker) -> Value {
    match breaker {
        Breaker::Consecutive { failures, open_for, probes } => {
            json!({"kind": "consecutive", "failures": failures, "open_for_ms": millis(open_for),
                   "probes": probes})
        }
        Breaker::Rate { share, window, least, open_for, probes } => {
            json!({"kind": "rate", "share": share, "window_ms": millis(window), "least": least,
                   "open_for_ms": millis(open_for), "probes": probes})
        }
    }
}

fn millis(duration: Duration) -> Value {
    Value::from(duration.as_secs_f64() * 1000.0)
}
