//! One case of an experiment for many values of one of its numbers.

use super::Plan;
use super::experiment::{Case, Experiment, Played, Sweep};
use crate::trace::RecoverySweep;

/// A sweep that is played: its case once for each value.
pub(super) struct Sweeping {
    sweep: Sweep,
    /// In the order of the values; each has the same arms.
    pub(super) cases: Vec<Case>,
}

impl Sweeping {
    /// The arms that the plan wants and the sweep has, with what else the plan sets.
    pub(super) fn new(experiment: &Experiment, plan: &Plan<'_>, sweep: Sweep) -> Self {
        let case = |value: &f64| {
            let plan = Plan { values: plan.values.with(&sweep.param, *value), ..plan.clone() };
            let mut case = plan.cases(experiment).into_iter().find(|case| case.name == sweep.case)?;
            case.arms.retain(|arm| sweep.arms.is_empty() || sweep.arms.contains(&arm.name.as_str()));
            Some(case)
        };
        Self { sweep, cases: sweep.values.iter().filter_map(case).collect() }
    }

    /// What came of it; nothing when none of its arms was wanted.
    pub(super) fn found(&self, played: &Played) -> Option<RecoverySweep> {
        let Sweep { case, param, values, number: (number, metric), .. } = self.sweep;
        let names: Vec<&String> = self.cases.first()?.arms.iter().map(|arm| &arm.name).collect();
        let mut unit = None;
        let arms = names.into_iter().map(|arm| {
            let medians = played.0.iter().filter_map(|one| {
                let median = Played(vec![one.clone()]).median(case, arm, metric)?;
                unit = Some(median.unit);
                Some(median.value)
            });
            (arm.clone(), medians.collect())
        });
        let arms: Vec<(String, Vec<f64>)> = arms.collect();
        Some(RecoverySweep {
            case,
            key: param.key,
            values: values.iter().map(|value| (*value, param.written(*value))).collect(),
            number,
            unit: unit?,
            arms,
        })
    }
}
