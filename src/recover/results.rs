//! An experiment, played: every arm of every case, several runs each, and what its claims come to.

use super::experiment::metric::{self, Metric, Run};
use super::experiment::{Case, Experiment, Limit, Played, Values};
use super::{Arm, Measured, World, describe};
use crate::trace::{Recovery, RecoveryArm, RecoveryClaim, Spread};

/// How an experiment is played.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    /// The numbers that were set.
    pub values: Values,
    /// The arms that are wanted; all when there are none.
    pub strategies: &'a [String],
    /// Runs of each arm.
    pub runs: u32,
    /// The seed of the first run; each other has the next one.
    pub seed: u64,
}

/// Plays an experiment with an engine, whose failure ends it.
pub fn play<E>(
    experiment: &Experiment,
    plan: &Plan<'_>,
    engine_name: &'static str,
    mut engine: impl FnMut(&World, &Arm, u64) -> Result<Measured, E>,
) -> Result<Recovery, E> {
    let mut played = Played::default();
    for mut case in (experiment.cases)(&plan.values) {
        case.arms.retain(|arm| plan.strategies.is_empty() || plan.strategies.contains(&arm.name));
        let mut runs = Vec::new();
        for arm in &case.arms {
            let seeds = (0..plan.runs).map(|run| plan.seed.wrapping_add(u64::from(run)));
            runs.push(seeds.map(|seed| engine(&case.world, arm, seed)).collect::<Result<Vec<_>, E>>()?);
        }
        played.0.push((case, runs));
    }
    let arms = played.0.iter().flat_map(|(case, runs)| {
        case.arms.iter().zip(runs).filter_map(move |(arm, runs)| told(case, arm, runs))
    });
    let claims = experiment.claims.iter().filter_map(|claim| {
        let measured = (claim.of)(&played)?;
        let (limit, at_least) = match claim.limit {
            Limit::AtLeast(least) => (least, true),
            Limit::AtMost(most) => (most, false),
        };
        Some(RecoveryClaim { key: claim.key, passed: claim.limit.holds(measured), measured, limit, at_least })
    });
    Ok(Recovery {
        experiment: experiment.name,
        engine: engine_name,
        seed: plan.seed,
        runs: plan.runs,
        arms: arms.collect(),
        claims: claims.collect(),
    })
}

fn told(case: &Case, arm: &Arm, runs: &[Measured]) -> Option<RecoveryArm> {
    let spread =
        |metric: Metric| Spread::of(runs.iter().map(|measured| metric(Run { case, measured })).collect());
    Some(RecoveryArm {
        case: case.name,
        strategy: arm.name.clone(),
        params: describe::params(arm),
        success_rate: spread(metric::success)?,
        goodput_per_s: spread(metric::goodput)?,
        amplification: spread(metric::amplification)?,
        p50_ms: spread(metric::p50_ms)?,
        p99_ms: spread(metric::p99_ms)?,
        recovered_after_s: case.trouble_ends.and_then(|_| spread(metric::recovered_s)),
        events: runs.iter().map(|measured| measured.events).sum(),
    })
}
