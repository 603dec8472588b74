//! The experiments in virtual time.

use netfault::recover::experiment::Values;
use netfault::recover::{Experiment, Plan, play, simulated};
use netfault::trace::Recovery;
use std::convert::Infallible;

fn played(experiment: &Experiment, seed: u64, runs: u32) -> Recovery {
    let plan = Plan { values: Values::default(), strategies: &[], runs, seed };
    let engine = |world: &_, arm: &_, seed| Ok::<_, Infallible>(simulated::run(world, arm, seed));
    play(experiment, &plan, "simulated", engine).unwrap()
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
        assert_ne!(played(experiment, 7, 1).arms, played(experiment, 8, 1).arms);
    }
}
