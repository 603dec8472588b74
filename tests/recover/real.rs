//! Worlds over real sockets show what their troubles and strategies mean, and agree with the simulation.

use netfault::recover::experiment::Values;
use netfault::recover::experiment::metric::{self, Metric, Run};
use netfault::recover::{
    Arm, Arrivals, Backend, Experiment, Measured, Network, Service, Trouble, What, World,
};
use netfault::recover::{real, simulated};
use netfault::retry::{Admission, Backoff, Strategy};
use netfault::trace::Spread;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Five times as fast as the world: a request of 10 ms takes 2 ms.
const SCALE: f64 = 0.2;

/// Long beside what a busy machine adds to it: 200 ms at this scale.
const TIMEOUT: Duration = millis(1000);

/// What is measured is time: one measurement at a time.
static ALONE: Mutex<()> = Mutex::new(());

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// One server that can do a hundred requests a second.
fn world(per_s: f64, lasts: Duration) -> World {
    let service =
        Service { usual: millis(10), exponential: false, stragglers: 0.0, straggler: Duration::ZERO };
    World {
        arrivals: Arrivals::Poisson { per_s },
        lasts,
        clients: 1,
        backends: vec![Backend { service, workers: 1 }],
        sharded: false,
        network: Network::default(),
        troubles: Vec::new(),
        skew_s: 0.0,
    }
}

fn suffering(world: World, what: What, from: Duration, until: Duration) -> World {
    World { troubles: vec![Trouble { backend: None, from, until, what }], ..world }
}

fn retrying(attempts: u32, backoff: Backoff, base: Duration) -> Strategy {
    Strategy::once(TIMEOUT).retrying(NonZeroU32::new(attempts).unwrap(), backoff, base, millis(2000))
}

fn arm(strategy: Strategy) -> Arm {
    Arm { name: "arm".into(), strategy, admission: Admission::OPEN, new_key_each_attempt: false }
}

fn measured(world: &World, arm: &Arm, seed: u64) -> Measured {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    real::run(world, arm, seed, SCALE).unwrap_or_else(|failed| panic!("{failed}"))
}

fn is_near(number: f64, wanted: f64) -> bool {
    (number - wanted).abs() < 1e-9
}

#[test]
fn in_a_healthy_world_every_request_succeeds_at_its_first_attempt() {
    let shown = measured(&world(40.0, millis(10_000)), &arm(retrying(3, Backoff::None, Duration::ZERO)), 1);
    assert!(shown.requests.len() > 300);
    assert!(is_near(shown.success_rate(), 1.0), "{}", shown.success_rate());
    assert!(is_near(shown.amplification(), 1.0), "{}", shown.amplification());
    let shortest = shown.requests.iter().filter_map(|(_, took)| *took).min().unwrap();
    assert!(shortest >= millis(10), "{shortest:?} is less than the work takes");
}

#[test]
fn arrivals_are_those_of_the_simulation() {
    let (world, arm) = (world(40.0, millis(3000)), arm(retrying(1, Backoff::None, Duration::ZERO)));
    let simulated = simulated::run(&world, &arm, 5);
    let real = measured(&world, &arm, 5);
    assert_eq!(real.requests.len(), simulated.requests.len());
    for ((real, _), (simulated, _)) in real.requests.iter().zip(&simulated.requests) {
        assert!(real.abs_diff(*simulated) < Duration::from_micros(1), "{real:?} is not {simulated:?}");
    }
}

#[test]
fn a_server_that_is_down_refuses_and_retries_succeed_when_it_is_back() {
    let down = suffering(world(40.0, millis(10_000)), What::Down, millis(4000), millis(5000));
    let strategy = retrying(8, Backoff::Exponential, millis(50));
    let once = measured(&down, &arm(Strategy::once(TIMEOUT)), 2);
    let failed = once.requests.iter().filter(|(_, took)| took.is_none()).count();
    assert!((20..70).contains(&failed), "{failed} of a second's 40 requests failed");
    assert_eq!(once.timed_out, 0, "refused is not silent");
    let again = measured(&down, &arm(strategy), 2);
    assert!(is_near(again.success_rate(), 1.0), "{}", again.success_rate());
    assert!(again.failed > 40, "{}", again.failed);
}

#[test]
fn a_stall_and_immediate_retries_multiply_the_load() {
    let stalled = suffering(world(70.0, millis(12_000)), What::Stall, millis(2000), millis(6000));
    let shown = measured(&stalled, &arm(retrying(4, Backoff::None, Duration::ZERO)), 3);
    assert!(shown.amplification() > 1.5, "{}", shown.amplification());
    assert!(shown.false_timeouts > 0);
    assert!(shown.wasted > 0);
}

#[test]
fn a_bounded_queue_rejects_at_once_what_it_cannot_do() {
    let admission = Admission { queue: Some(5), ..Admission::OPEN };
    let shown = measured(&world(200.0, millis(5000)), &Arm { admission, ..arm(Strategy::once(TIMEOUT)) }, 4);
    assert!((0.4..0.65).contains(&shown.success_rate()), "{}", shown.success_rate());
    assert_eq!(shown.timed_out, 0, "who is rejected does not wait");
    let longest = shown.latency(0.99).unwrap();
    assert!(longest < millis(500), "{longest:?}");
}

#[test]
fn a_lost_reply_doubles_effects_unless_the_key_of_the_request_is_known() {
    let network = Network { lost_replies: 0.3, ..Network::default() };
    let lossy = World { network, ..world(30.0, millis(8000)) };
    let strategy = retrying(4, Backoff::None, Duration::ZERO);
    let keeps = Admission { keeps_keys: Some(millis(60_000)), ..Admission::OPEN };
    let keyed = Arm { admission: keeps, ..arm(Strategy { keyed: true, ..strategy }) };
    assert!(measured(&lossy, &arm(strategy), 5).doubled > 20);
    assert_eq!(measured(&lossy, &keyed, 5).doubled, 0);
    assert!(measured(&lossy, &Arm { new_key_each_attempt: true, ..keyed }, 5).doubled > 20);
}

#[test]
fn resets_and_failures_break_one_attempt_each() {
    let network = Network { resets: 0.2, ..Network::default() };
    let resetting = World { network, ..world(30.0, millis(8000)) };
    let failing = suffering(world(30.0, millis(8000)), What::Fails(0.2), Duration::ZERO, millis(8000));
    for world in [resetting, failing] {
        let shown = measured(&world, &arm(retrying(6, Backoff::None, Duration::ZERO)), 6);
        assert!((1.15..1.4).contains(&shown.amplification()), "{}", shown.amplification());
        assert!(shown.success_rate() > 0.99, "{}", shown.success_rate());
    }
}

#[test]
fn a_blackhole_is_only_seen_as_silence() {
    let silent = suffering(world(40.0, millis(6000)), What::Blackhole, millis(2000), millis(3000));
    let shown = measured(&silent, &arm(Strategy::once(TIMEOUT)), 7);
    assert!((20..70).contains(&shown.timed_out), "{}", shown.timed_out);
    assert_eq!(shown.failed, 0);
    assert_eq!(shown.false_timeouts, 0);
}

#[test]
fn a_restart_that_drains_loses_nothing_while_another_server_is_there() {
    let restart = Trouble { backend: Some(0), from: millis(3000), until: millis(4000), what: What::Restart };
    let mut two = World { troubles: vec![restart], ..world(120.0, millis(8000)) };
    two.backends.push(two.backends[0]);
    let lasting = Backend { service: Service { usual: millis(12), ..two.backends[0].service }, workers: 2 };
    two.backends = vec![lasting, lasting];
    let drained = Admission { drain: Some(millis(1000)), ..Admission::OPEN };
    let once = arm(Strategy::once(TIMEOUT));
    let abrupt = measured(&two, &once, 8);
    let graceful = measured(&two, &Arm { admission: drained, ..once }, 8);
    assert!(abrupt.failed > 20, "{}", abrupt.failed);
    assert!(graceful.failed <= 2, "{}", graceful.failed);
}

/// The tolerance between the engines, as a share. A run has some hundred to a thousand arrivals, the same ones in both
/// engines; what differs are chances, and that time-outs over sockets are late by up to half a millisecond.
const TOLERANCE: f64 = 0.15;

/// Over five seeds the medians of goodput and of amplification lie near each other, for these arms of this case.
#[expect(clippy::print_stdout, reason = "with --no-capture this is the table of both engines")]
fn engines_agree(experiment: &str, case: &str, arms: &[&str]) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let experiment = Experiment::named(experiment).unwrap();
    let cases = (experiment.cases)(&Values::default());
    let case = cases.iter().find(|known| known.name == case).unwrap();
    for name in arms {
        let arm = case.arms.iter().find(|arm| arm.name == *name).unwrap();
        let seeds = 11..16;
        let real: Vec<Measured> = thread::scope(|scope| {
            let play = |seed| scope.spawn(move || real::run(&case.world, arm, seed, SCALE));
            let playing: Vec<_> = seeds.clone().map(play).collect();
            let played = playing.into_iter().map(|run| run.join().unwrap());
            played.map(|run| run.unwrap_or_else(|failed| panic!("{failed}"))).collect()
        });
        let simulated: Vec<_> = seeds.map(|seed| simulated::run(&case.world, arm, seed)).collect();
        for (what, metric, nothing) in
            [("goodput", metric::goodput as Metric, 1.0), ("amplification", metric::amplification, 0.0)]
        {
            let median = |runs: &[Measured]| {
                let values = runs.iter().map(|measured| metric(Run { case, measured }).value);
                Spread::of(values.collect()).unwrap().median
            };
            let (real, simulated) = (median(&real), median(&simulated));
            // a server that is down serves about nothing in either: one request a second is no difference
            let allowed = (TOLERANCE * simulated).max(nothing);
            let said = format!("{name}: {what} {real:.2} over sockets, {simulated:.2} simulated");
            println!("{said}");
            assert!((real - simulated).abs() <= allowed, "{said}");
        }
    }
}

#[test]
fn both_engines_see_the_same_metastable_failure() {
    engines_agree("metastable", "harms", &["once", "full-jitter", "budget", "bounded"]);
}

#[test]
fn both_engines_see_the_same_retry_budget() {
    engines_agree("retry-budget", "harms", &["retry", "budget"]);
}

#[test]
fn both_engines_see_the_same_load_shed() {
    engines_agree("load-shedding", "helps", &["unbounded", "bounded"]);
}
