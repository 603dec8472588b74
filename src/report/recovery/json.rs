//! An experiment's result for scripts. What never comes, and so has no number, is null.

use crate::knowledge;
use crate::lang::Lang;
use crate::trace::{Recovery, RecoveryArm, RecoveryChange, RecoveryClaim, RecoverySweep, Spread};
use serde::Serialize;
use serde_json::{Map, Value};

/// `{"experiment":…,"engine":…,"seed":…,"arms":[…],"claims":[…]}`.
#[derive(Debug, Serialize)]
pub struct Found<'a> {
    experiment: &'static str,
    engine: &'static str,
    seed: u64,
    runs: u32,
    /// What was changed of the experiment.
    set: &'a [RecoveryChange],
    arms: Vec<Arm<'a>>,
    claims: Vec<Claim>,
    /// Claims about arms that were not played.
    not_checked: &'a [&'static str],
    sweep: Option<Sweep<'a>>,
    learn: &'static str,
}

/// The medians of an arm, and how far its runs lie apart.
#[derive(Debug, Serialize)]
struct Arm<'a> {
    case: &'static str,
    strategy: &'a str,
    params: &'a Map<String, Value>,
    success_rate: f64,
    goodput_per_s: f64,
    amplification: f64,
    latency_ms: Latency,
    recovered_after_s: Option<f64>,
    focus: Map<String, Value>,
    spread: Spreads,
}

#[derive(Debug, Serialize)]
struct Latency {
    p50: Option<f64>,
    p99: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Spreads {
    success_rate: [Option<f64>; 2],
    goodput_per_s: [Option<f64>; 2],
    amplification: [Option<f64>; 2],
    p50_ms: [Option<f64>; 2],
    p99_ms: [Option<f64>; 2],
    recovered_after_s: Option<[Option<f64>; 2]>,
}

#[derive(Debug, Serialize)]
struct Claim {
    #[serde(rename = "claim")]
    key: &'static str,
    text: String,
    passed: bool,
    measured: Option<f64>,
    limit: f64,
    at_least: bool,
}

/// The medians of arms for many values of a number of the experiment.
#[derive(Debug, Serialize)]
struct Sweep<'a> {
    case: &'static str,
    set: &'static str,
    values: Vec<&'a str>,
    number: &'static str,
    arms: Vec<Line<'a>>,
}

#[derive(Debug, Serialize)]
struct Line<'a> {
    strategy: &'a str,
    medians: Vec<Option<f64>>,
}

impl<'a> Sweep<'a> {
    fn new(sweep: &'a RecoverySweep) -> Self {
        let line = |(strategy, medians): &'a (String, Vec<f64>)| Line {
            strategy,
            medians: medians.iter().copied().map(finite).collect(),
        };
        Self {
            case: sweep.case,
            set: sweep.key,
            values: sweep.values.iter().map(|(_, written)| written.as_str()).collect(),
            number: sweep.number,
            arms: sweep.arms.iter().map(line).collect(),
        }
    }
}

impl<'a> Found<'a> {
    /// Of this experiment, its sentences in this language.
    pub fn new(recovery: &'a Recovery, lang: Lang) -> Self {
        let told = knowledge::trial(recovery.experiment).text(lang);
        let terms = knowledge::terms(lang);
        let claim = |claim: &RecoveryClaim| Claim {
            key: claim.key,
            text: told.claim(claim.key, &super::written(claim.unit, claim.limit, terms)),
            passed: claim.passed,
            measured: finite(claim.measured),
            limit: claim.limit,
            at_least: claim.at_least,
        };
        let arms = recovery.cases.iter().flat_map(|case| case.arms.iter().map(move |arm| (case.name, arm)));
        Self {
            experiment: recovery.experiment,
            engine: recovery.engine,
            seed: recovery.seed,
            runs: recovery.runs,
            set: &recovery.set,
            arms: arms.map(|(case, arm)| Arm::new(recovery.focus, case, arm)).collect(),
            claims: recovery.claims.iter().map(claim).collect(),
            not_checked: &recovery.unchecked,
            sweep: recovery.sweep.as_ref().map(Sweep::new),
            learn: told.learn,
        }
    }
}

impl<'a> Arm<'a> {
    fn new(focus: &str, case: &'static str, arm: &'a RecoveryArm) -> Self {
        Self {
            case,
            strategy: &arm.strategy,
            params: &arm.params,
            success_rate: rounded(arm.success_rate.median),
            goodput_per_s: rounded(arm.goodput_per_s.median),
            amplification: rounded(arm.amplification.median),
            latency_ms: Latency { p50: finite(arm.p50_ms.median), p99: finite(arm.p99_ms.median) },
            recovered_after_s: arm.recovered_after_s.and_then(|spread| finite(spread.median)),
            focus: [(focus.to_owned(), Value::from(finite(arm.focus.1.median)))].into_iter().collect(),
            spread: Spreads {
                success_rate: ends(arm.success_rate),
                goodput_per_s: ends(arm.goodput_per_s),
                amplification: ends(arm.amplification),
                p50_ms: ends(arm.p50_ms),
                p99_ms: ends(arm.p99_ms),
                recovered_after_s: arm.recovered_after_s.map(ends),
            },
        }
    }
}

fn ends(spread: Spread) -> [Option<f64>; 2] {
    [finite(spread.least), finite(spread.most)]
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then(|| rounded(value))
}

/// Six digits behind the point say all that was measured.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
