//! The experiments in virtual time.

use netfault::recover::experiment::metric::{self, Run};
use netfault::recover::experiment::{Unit, Values};
use netfault::recover::{Experiment, Plan, play, simulated};
use netfault::trace::{Recovery, Spread};
use std::convert::Infallible;

fn played(experiment: &Experiment, seed: u64, runs: u32) -> Recovery {
    let plan = Plan { values: Values::default(), strategies: &[], runs, seed, workers: 2, sweeps: false };
    let engine = |world: &_, arm: &_, seed| Ok::<_, Infallible>(simulated::run(world, arm, seed));
    play(experiment, &plan, "simulated", engine, |_, _| {}).unwrap()
}

#[test]
fn every_claim_holds_whatever_the_seed() {
    for seed in [1, 7, 1000] {
        for experiment in Experiment::ALL {
            let found = played(experiment, seed, 5);
            let broken: Vec<_> = found.claims.iter().filter(|claim| !claim.passed).collect();
            assert!(broken.is_empty(), "{} with seed {seed}: {broken:#?}", experiment.name);
        }
    }
}

#[test]
fn the_same_seed_shows_the_same_and_another_one_does_not() {
    for experiment in Experiment::ALL {
        assert_eq!(played(experiment, 7, 1), played(experiment, 7, 1));
        assert_ne!(played(experiment, 7, 1).cases, played(experiment, 8, 1).cases);
    }
}

#[test]
fn every_number_that_can_be_set_changes_its_experiment() {
    for experiment in Experiment::ALL {
        let usual = format!("{:?}", (experiment.cases)(&Values::default()));
        for param in experiment.params {
            let other = match param.unit {
                Unit::Count => param.default + 1.0,
                _ => f64::midpoint(param.default, param.least),
            };
            // what may be nothing and is nothing has only one way to go
            let other = if other.to_bits() == param.default.to_bits() { 1.0 } else { other };
            let set = [(param.key, param.written(other))];
            let set = set.iter().map(|(key, value)| (*key, value.as_str()));
            let values = Values::read(experiment.params, set).unwrap_or_else(|wrong| panic!("{wrong}"));
            let changed = format!("{:?}", (experiment.cases)(&values));
            assert_ne!(changed, usual, "{} has no use for {}", experiment.name, param.key);
        }
    }
}

/// Goodput long after a stall, of the load that comes, when every failed attempt is made again at once. The server
/// can do a hundred a second.
fn left_after_a_stall(load: u32, attempts: u32, stall: &str) -> f64 {
    let (load, attempts) = (load.to_string(), attempts.to_string());
    let set = [("light_load", load.as_str()), ("attempts", &attempts), ("stall", stall)];
    let experiment = Experiment::named("metastable").unwrap();
    let values = Values::read(experiment.params, set.into_iter()).unwrap_or_else(|wrong| panic!("{wrong}"));
    let case = (experiment.cases)(&values).into_iter().find(|case| case.name == "helps").unwrap();
    let arm = case.arms.iter().find(|arm| arm.name == "immediate").unwrap();
    let left = (1..=5).map(|seed| {
        let measured = simulated::run(&case.world, arm, seed);
        let arrivals =
            measured.requests.iter().filter(|(at, _)| (case.from..case.until).contains(at)).count();
        let seconds = case.until.as_secs_f64() - case.from.as_secs_f64();
        let per_s = f64::from(u32::try_from(arrivals).unwrap()) / seconds;
        metric::goodput(Run { case: &case, measured: &measured }).value / per_s
    });
    Spread::of(left.collect()).unwrap().median
}

#[test]
fn a_stall_is_never_recovered_from_when_load_times_attempts_is_more_than_the_server_can_do() {
    for (load, attempts) in [(10, 4), (20, 4), (24, 4), (30, 3), (45, 2), (90, 1), (12, 8)] {
        let left = left_after_a_stall(load, attempts, "2s");
        assert!(left > 0.95, "{load}/s with {attempts} attempts: {left}");
    }
    for (load, attempts) in [(26, 4), (40, 4), (70, 4), (40, 3), (60, 2), (20, 8)] {
        let left = left_after_a_stall(load, attempts, "2s");
        assert!(left < 0.05, "{load}/s with {attempts} attempts: {left}");
    }
}

#[test]
fn what_is_vulnerable_runs_well_until_something_triggers_it() {
    for load in [26, 40, 70] {
        let left = left_after_a_stall(load, 4, "100ms");
        assert!(left > 0.95, "{load}/s after a short stall: {left}");
    }
}
