//! The experiments in virtual time.

use netfault::recover::experiment::Values;
use netfault::recover::{Experiment, Plan, play, simulated};
use netfault::trace::Recovery;
use std::convert::Infallible;

fn played(experiment: &Experiment, seed: u64) -> Recovery {
    let plan = Plan { values: Values::default(), strategies: &[], runs: 5, seed };
    let engine = |world: &_, arm: &_, seed| Ok::<_, Infallible>(simulated::run(world, arm, seed));
    play(experiment, &plan, "simulated", engine).unwrap()
}

#[test]
fn every_claim_holds_whatever_the_seed() {
    for seed in [1, 7, 1000, 123_456_789] {
        for experiment in Experiment::ALL {
            let found = played(experiment, seed);
            for arm in found.arms {
                println!(
                    "{seed} {} {} {} succ {:.3} good {:.1} amp {:.2} p50 {:.0} p99 {:.0} rec {:?}",
                    experiment.name,
                    arm.case,
                    arm.strategy,
                    arm.success_rate.median,
                    arm.goodput_per_s.median,
                    arm.amplification.median,
                    arm.p50_ms.median,
                    arm.p99_ms.median,
                    arm.recovered_after_s.map(|s| (s.median, s.least, s.most))
                );
            }
            for claim in found.claims {
                println!(
                    "  {seed} {} {} {} {} {}",
                    claim.passed, experiment.name, claim.key, claim.measured, claim.limit
                );
            }
        }
    }
}
