//! The known experiment about jitter, with the delays of this program: a hundred clients want to change one row, each
//! once, with optimistic concurrency control. One reads the version, writes with it, and when another one was faster
//! waits and begins anew (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015; the model is
//! that of his simulator). What counts are calls and the time until all are done: either alone misleads.

use fastrand::Rng;
use netfault::retry::{Backoff, Delays, Policy};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroU32;
use std::time::Duration;

const CLIENTS: usize = 100;
const RUNS: u32 = 20;

/// Where a client's message is under way to. Every way takes a network delay of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Message {
    /// To the server: which version is it?
    Read,
    /// To the client: this one.
    Version(u32),
    /// To the server: change this version.
    Write(u32),
    /// To the client: it was changed before.
    Conflict,
}

/// What a run took, or runs on average.
struct Took {
    /// Writes, those that failed too.
    calls: f64,
    /// Until the last client was done.
    seconds: f64,
}

/// Normally distributed, 10 ms with a deviation of 2 ms: the sum of twelve uniform numbers has mean 6 and deviation 1.
fn network(rng: &mut Rng) -> Duration {
    let sum: f64 = (0..12).map(|_| rng.f64()).sum();
    Duration::from_secs_f64((10.0 + 2.0 * (sum - 6.0)).abs() / 1000.0)
}

fn run(policy: Policy, seed: u32) -> Took {
    let mut rng = Rng::with_seed(u64::from(seed));
    let mut delays: Vec<Delays> =
        (0..CLIENTS).map(|_| Policy { seed: rng.u64(..), ..policy }.delays()).collect();
    let mut heap: BinaryHeap<_> =
        (0..CLIENTS).map(|client| Reverse((network(&mut rng), client, Message::Read))).collect();
    let (mut version, mut calls, mut last) = (0, 0, Duration::ZERO);
    while let Some(Reverse((now, client, message))) = heap.pop() {
        let mut wait = Duration::ZERO;
        last = now;
        let next = match message {
            Message::Read => Message::Version(version),
            Message::Version(version) => Message::Write(version),
            Message::Write(of) => {
                calls += 1;
                if of == version {
                    version += 1;
                    // the reply is on its way, and then this client is done
                    last += network(&mut rng);
                    continue;
                }
                Message::Conflict
            }
            Message::Conflict => {
                wait = delays[client].next().expect("as many attempts as it takes");
                Message::Read
            }
        };
        heap.push(Reverse((now + wait + network(&mut rng), client, next)));
    }
    Took { calls: f64::from(calls), seconds: last.as_secs_f64() }
}

/// The means over twenty seeds.
fn mean(backoff: Backoff, base: Duration) -> Took {
    let cap = Duration::from_millis(2000);
    let policy = Policy { backoff, base, cap, seed: 0, attempts: NonZeroU32::MAX };
    let runs: Vec<Took> = (0..RUNS).map(|seed| run(policy, seed)).collect();
    let mean = |number: fn(&Took) -> f64| runs.iter().map(number).sum::<f64>() / f64::from(RUNS);
    Took { calls: mean(|took| took.calls), seconds: mean(|took| took.seconds) }
}

/// The known figures for a base of 5 ms and a cap of 2 s, and from which base this program has the same delays. That
/// simulator counts the first failure before it waits, so that its first v is 2 × base; here n counts from 0. Its
/// decorrelated jitter knows no n.
const KNOWN: [(Backoff, u64, Took); 5] = [
    (Backoff::None, 5, Took { calls: 2434.0, seconds: 2.0 }),
    (Backoff::Exponential, 10, Took { calls: 1853.0, seconds: 62.9 }),
    (Backoff::EqualJitter, 10, Took { calls: 809.0, seconds: 6.3 }),
    (Backoff::FullJitter, 10, Took { calls: 797.0, seconds: 4.9 }),
    (Backoff::Decorrelated, 5, Took { calls: 1004.0, seconds: 4.6 }),
];

/// Calls of one run lie within a tenth of each other, those of exponential within a fifth; the mean of twenty runs
/// is known to about a hundredth. When the last client is done depends on one client: that varies by a third between
/// runs, and their mean by some hundredths.
const CALLS: f64 = 0.03;
const SECONDS: f64 = 0.08;

#[test]
fn delays_cost_the_known_calls_and_the_known_time() {
    for (backoff, base, known) in KNOWN {
        let took = mean(backoff, Duration::from_millis(base));
        println!("{backoff}: {:.0} calls in {:.2} s", took.calls, took.seconds);
        let off = |measured: f64, known: f64| (measured / known - 1.0).abs();
        assert!(off(took.calls, known.calls) < CALLS, "{backoff}: {} calls, not {}", took.calls, known.calls);
        assert!(
            off(took.seconds, known.seconds) < SECONDS,
            "{backoff}: {} s, not {}",
            took.seconds,
            known.seconds
        );
    }
}

#[test]
fn without_jitter_clients_wait_long_and_call_often() {
    let took = |backoff| mean(backoff, Duration::from_millis(5));
    let (exponential, full, none) =
        (took(Backoff::Exponential), took(Backoff::FullJitter), took(Backoff::None));
    assert!(exponential.calls > 2.0 * full.calls && exponential.seconds > 10.0 * full.seconds);
    // what is done soonest costs the server most
    assert!(none.seconds < full.seconds && none.calls > 2.0 * full.calls);
}
