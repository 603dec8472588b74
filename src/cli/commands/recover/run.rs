//! `netfault recover run`: plays experiments, and tells whether their claims hold.

use crate::cli::args::{self, Engine, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::fault::nearest;
use crate::recover::experiment::{Values, Wrong};
use crate::recover::{Experiment, Plan, play, real, simulated};
use crate::report::{self, recovery};
use crate::trace::Recovery;
use serde::Serialize;
use std::convert::Infallible;
use std::thread;

/// Runs of an arm in virtual time, when nobody says how many.
const RUNS: u32 = 5;

/// Runs the command.
pub(super) fn run(args: &args::Play, terminal: &Terminal) -> Result<Exit, Problem> {
    let experiments = if args.all { Experiment::ALL } else { &args.experiments };
    let plans = experiments.iter().map(|experiment| plan(experiment, experiments, args));
    let plans: Vec<Plan> = plans.collect::<Result<_, _>>()?;
    strategies_are_known(args, experiments)?;
    let mut all = Vec::new();
    for (experiment, plan) in experiments.iter().zip(&plans) {
        if !plan.cases(experiment).is_empty() {
            all.push(played(experiment, plan, args.engine, terminal)?);
        }
    }
    put(&shown(&all, terminal))?;
    Ok(exit(&all))
}

/// How an experiment is played. What is set has to be a number of it, or of another one that is played too.
fn plan<'a>(
    experiment: &Experiment,
    others: &[Experiment],
    args: &'a args::Play,
) -> Result<Plan<'a>, Problem> {
    let is_of = |it: &Experiment, key: &str| it.params.iter().any(|param| param.key == key);
    let elsewhere = |key: &str| !is_of(experiment, key) && others.iter().any(|other| is_of(other, key));
    let set = args.set.iter().filter(|(key, _)| !elsewhere(key));
    let values = Values::read(experiment.params, set.map(|(key, value)| (key.as_str(), value.as_str())));
    let values = values.map_err(|wrong| {
        let problem = Problem::new(Exit::Usage, format!("{}: {wrong}", experiment.name));
        match wrong {
            Wrong::Unknown { known, .. } => problem.hint(format!("Its numbers are {}.", known.join(", "))),
            Wrong::Value { .. } => problem,
        }
    })?;
    let (runs, workers) = match args.engine {
        Engine::Simulated => (RUNS, thread::available_parallelism().map_or(1, usize::from)),
        Engine::Real => (1, usize::try_from(real::AT_ONCE).unwrap_or(1)),
    };
    let runs = args.runs.unwrap_or(runs);
    let sweeps = args.engine == Engine::Simulated;
    Ok(Plan { values, strategies: &args.strategy, runs, seed: args.seed, workers, sweeps })
}

/// Every strategy that was asked for is an arm of an experiment that was.
fn strategies_are_known(args: &args::Play, experiments: &[Experiment]) -> Result<(), Problem> {
    let mut known: Vec<String> = experiments.iter().flat_map(Experiment::strategies).collect();
    known.sort_unstable();
    known.dedup();
    let Some(wrong) = args.strategy.iter().find(|name| !known.contains(name)) else { return Ok(()) };
    let names: Vec<&str> = experiments.iter().map(|experiment| experiment.name).collect();
    let problem = Problem::new(Exit::Usage, format!("{} does not compare {wrong:?}", names.join(", ")));
    let meant = nearest(wrong, known.iter().map(|name| (name.as_str(), name.as_str())));
    let meant = meant.first().map(|name| format!("Did you mean {name}? ")).unwrap_or_default();
    Err(problem.hint(format!("{meant}The arms are {}.", known.join(", "))))
}

fn played(
    experiment: &Experiment,
    plan: &Plan<'_>,
    engine: Engine,
    terminal: &Terminal,
) -> Result<Recovery, Problem> {
    let tell = |done: usize, of: usize| {
        if terminal.watched {
            terminal.note(&format!("\r\u{1b}[K{}: {done}/{of}", experiment.name));
        }
    };
    let name = engine.name();
    let found = match engine {
        Engine::Simulated => {
            let run = |world: &_, arm: &_, seed| Ok::<_, Infallible>(simulated::run(world, arm, seed));
            play(experiment, plan, name, run, tell).unwrap_or_else(|never| match never {})
        }
        Engine::Real => {
            let scale = real::scale(&plan.cases(experiment), plan.runs);
            let run = |world: &_, arm: &_, seed| real::run(world, arm, seed, scale);
            let found = play(experiment, plan, name, run, tell);
            found.map_err(|failed| {
                let hint = "Nothing is told of it. Play it alone on this machine, with fewer --runs or a lower load.";
                Problem::new(Exit::Unsupported, format!("{}: {failed}", experiment.name)).hint(hint)
            })?
        }
    };
    if terminal.watched {
        terminal.note("\r\u{1b}[K");
    }
    Ok(found)
}

fn shown(all: &[Recovery], terminal: &Terminal) -> String {
    let look = &terminal.look;
    match terminal.format {
        Format::Json => {
            let mut found: Vec<_> = all.iter().map(|it| recovery::Found::new(it, look.lang)).collect();
            match found.pop() {
                Some(only) if found.is_empty() => report::json(&only),
                last => {
                    found.extend(last);
                    report::json(&Several { experiments: found })
                }
            }
        }
        Format::Html => recovery::html(all, look.lang),
        _ => {
            let mut said: Vec<String> = all.iter().map(|it| recovery::text(it, look)).collect();
            if all.len() > 1 {
                said.push(recovery::summary(all, look));
            }
            said.join("\n")
        }
    }
}

/// Experiments for scripts, when there is more than one.
#[derive(Serialize)]
struct Several<'a> {
    experiments: Vec<recovery::Found<'a>>,
}

/// A claim that does not hold outweighs all; where none could be checked, nothing is told.
fn exit(all: &[Recovery]) -> Exit {
    if all.iter().any(|recovery| !recovery.holds()) {
        Exit::Fault
    } else if all.iter().all(|recovery| recovery.claims.is_empty()) {
        Exit::Unsupported
    } else {
        Exit::Success
    }
}
