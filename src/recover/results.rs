//! An experiment, played: every arm of every case, several runs each, and what its claims come to.

use super::course::course;
use super::experiment::metric::{self, Metric, Run};
use super::experiment::{Case, Experiment, Limit, Played, Plot, Values};
use super::sweep::Sweeping;
use super::{Arm, Measured, World, describe};
use crate::trace::{Number, Recovery, RecoveryArm, RecoveryCase, RecoveryClaim, RecoverySweep, Spread};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::thread;

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
    /// Runs that may be under way at once.
    pub workers: usize,
    /// Whether the experiment's sweep is played too, which is many more runs.
    pub sweeps: bool,
}

impl Plan<'_> {
    /// The cases with the arms that are wanted.
    pub fn cases(&self, experiment: &Experiment) -> Vec<Case> {
        let mut cases = (experiment.cases)(&self.values);
        for case in &mut cases {
            case.arms.retain(|arm| self.strategies.is_empty() || self.strategies.contains(&arm.name));
        }
        cases.retain(|case| !case.arms.is_empty());
        cases
    }
}

/// Plays an experiment with an engine, whose failure ends it. `tell` hears how many runs are over, of how many.
pub fn play<E: Send>(
    experiment: &Experiment,
    plan: &Plan<'_>,
    engine_name: &'static str,
    engine: impl Fn(&World, &Arm, u64) -> Result<Measured, E> + Sync,
    tell: impl Fn(usize, usize) + Sync,
) -> Result<Recovery, E> {
    let mut cases = plan.cases(experiment);
    let own = cases.len();
    let sweeping = match experiment.plot {
        Plot::Against(sweep) if plan.sweeps => Some(Sweeping::new(experiment, plan, sweep)),
        _ => None,
    };
    cases.extend(sweeping.iter().flat_map(|sweeping| sweeping.cases.clone()));
    let seeds = || (0..plan.runs).map(|run| plan.seed.wrapping_add(u64::from(run)));
    let arms = cases.iter().flat_map(|case| case.arms.iter().map(move |arm| (&case.world, arm)));
    let jobs: Vec<_> = arms.flat_map(|(world, arm)| seeds().map(move |seed| (world, arm, seed))).collect();
    let over = AtomicUsize::new(0);
    let measured = in_parallel(&jobs, plan.workers, |(world, arm, seed)| {
        let measured = engine(world, arm, *seed)?;
        tell(over.fetch_add(1, Relaxed) + 1, jobs.len());
        Ok(measured)
    })?;
    let mut measured = measured.into_iter();
    let mut played = Played::default();
    for case in cases {
        let runs = case.arms.iter().map(|_| measured.by_ref().take(seeds().count()).collect()).collect();
        played.0.push((case, runs));
    }
    let swept = Played(played.0.split_off(own));
    let sweep = sweeping.and_then(|sweeping| sweeping.found(&swept));
    Ok(found(experiment, plan, engine_name, &played, sweep))
}

/// Does every job, so many at once; gives what came of them in their order, or the first failure.
fn in_parallel<J: Sync, T: Send, E: Send>(
    jobs: &[J],
    workers: usize,
    work: impl Fn(&J) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..workers.clamp(1, jobs.len().max(1)) {
            scope.spawn(|| {
                while let Some((number, job)) =
                    Some(next.fetch_add(1, Relaxed)).and_then(|at| Some((at, jobs.get(at)?)))
                {
                    let result = work(job);
                    if result.is_err() {
                        next.store(jobs.len(), Relaxed);
                    }
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((number, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

fn found(
    experiment: &Experiment,
    plan: &Plan<'_>,
    engine: &'static str,
    played: &Played,
    sweep: Option<RecoverySweep>,
) -> Recovery {
    let (mut claims, mut unchecked) = (Vec::new(), Vec::new());
    for claim in experiment.claims {
        let Some(Number { value: measured, unit }) = (claim.of)(played) else {
            unchecked.push(claim.key);
            continue;
        };
        let (limit, at_least) = match claim.limit {
            Limit::AtLeast(least) => (least, true),
            Limit::AtMost(most) => (most, false),
        };
        let passed = claim.limit.holds(measured);
        claims.push(RecoveryClaim { key: claim.key, passed, measured, limit, at_least, unit });
    }
    let cases = played.0.iter().map(|(case, runs)| {
        let arms = case.arms.iter().zip(runs);
        let troubles = case.world.troubles.iter();
        RecoveryCase {
            name: case.name,
            lasts_s: case.world.lasts.as_secs_f64(),
            troubles_s: troubles.map(|it| (it.from.as_secs_f64(), it.until.as_secs_f64())).collect(),
            arms: arms.filter_map(|(arm, runs)| told(experiment, case, arm, runs)).collect(),
        }
    });
    Recovery {
        experiment: experiment.name,
        engine,
        seed: plan.seed,
        runs: plan.runs,
        set: plan.values.changes(experiment.params),
        focus: experiment.focus.0,
        cases: cases.collect(),
        claims,
        unchecked,
        sweep,
    }
}

fn told(experiment: &Experiment, case: &Case, arm: &Arm, runs: &[Measured]) -> Option<RecoveryArm> {
    let numbers = |metric: Metric| runs.iter().map(move |measured| metric(Run { case, measured }));
    let spread = |metric: Metric| Spread::of(numbers(metric).map(|number| number.value).collect());
    let focus = experiment.focus.1;
    Some(RecoveryArm {
        strategy: arm.name.clone(),
        params: describe::params(arm),
        success_rate: spread(metric::success)?,
        goodput_per_s: spread(metric::goodput)?,
        amplification: spread(metric::amplification)?,
        p50_ms: spread(metric::p50_ms)?,
        p99_ms: spread(metric::p99_ms)?,
        recovered_after_s: case.trouble_ends.and_then(|_| spread(metric::recovered_s)),
        focus: (numbers(focus).next()?.unit, spread(focus)?),
        course: course(experiment.plot, case, runs.first()?),
        events: runs.iter().map(|measured| measured.events).sum(),
    })
}
