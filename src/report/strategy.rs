//! Recovery strategies: the list of them, and one with its formula, its parameters and the delays of one seed.

use super::block::Block;
use super::{Look, listing};
use crate::knowledge;
use crate::lang::Lang;
use crate::retry::{Kind, Policy};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Columns of the longest bar.
const BAR: u32 = 30;

/// Every strategy with a few words about it, and every experiment of these names with what it asks.
pub fn strategies(experiments: &[&str], look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let named = |kind: &Kind| {
        (kind.name().to_owned(), knowledge::remedy(kind.name()).text(look.lang).title.to_owned())
    };
    let (presets, own): (Vec<&Kind>, Vec<&Kind>) =
        Kind::ALL.iter().partition(|kind| matches!(kind, Kind::Preset(_)));
    let group =
        |heading: &str, kinds: Vec<&Kind>| (heading.to_owned(), kinds.into_iter().map(named).collect());
    let asks = |name: &&str| ((*name).to_owned(), knowledge::trial(name).text(look.lang).question.to_owned());
    let experiments = (terms.experiments.to_owned(), experiments.iter().map(asks).collect());
    listing(&[group(terms.strategies, own), group(terms.presets, presets), experiments], look)
}

/// One strategy.
pub fn strategy(kind: Kind, seed: u64, look: &Look) -> String {
    let (remedy, terms) = (knowledge::remedy(kind.name()), knowledge::terms(look.lang));
    let effect = remedy.text(look.lang);
    let mut block = Block::new(format!("{}  {}\n", look.strong(kind.name()), effect.title), look);
    block.say("", effect.does);
    block.say(terms.formula, &kind.formula());
    block.say("", remedy.source);
    let parameters: Vec<String> =
        kind.parameters().iter().map(|(name, value)| format!("{name} = {value}")).collect();
    block.say(terms.parameters, &parameters.join(", "));
    block.row(terms.delays, &delays(kind, seed, look));
    block.say_in(terms.helps, effect.helps, |line| look.good(line));
    block.say_in(terms.strategy_harms, effect.harms, |line| look.bad(line));
    block.text
}

/// The delays of a seed as a table with bars: the number of the attempt that follows, the delay, all up to then.
fn delays(kind: Kind, seed: u64, look: &Look) -> Vec<String> {
    let delays = of_seed(kind, seed);
    let Some(longest) = delays.iter().max().filter(|longest| !longest.is_zero()) else { return Vec::new() };
    let terms = knowledge::terms(look.lang);
    let mut lines = vec![format!("{} {seed}:", terms.delays_of_seed)];
    let mut total = Duration::ZERO;
    for (delay, attempt) in delays.iter().zip(2..) {
        total += *delay;
        let share = delay.as_secs_f64() / longest.as_secs_f64();
        let full = if look.ascii { "#" } else { "█" };
        let columns = (1..=BAR).filter(|column| f64::from(*column) <= share * f64::from(BAR) + 0.5).count();
        let bar = full.repeat(columns);
        lines.push(format!("{} {attempt:<2} {:>9}  {bar}", terms.attempt, in_ms(*delay)));
    }
    lines.push(format!("{} {}", in_ms(total), terms.in_all));
    lines
}

fn of_seed(kind: Kind, seed: u64) -> Vec<Duration> {
    Policy { seed, ..kind.strategy().policy }.delays().collect()
}

fn in_ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}

/// The list for scripts: `{"strategies":[{"strategy":…,"title":…}],"experiments":[{"experiment":…,"question":…}]}`.
#[derive(Serialize)]
pub struct StrategyList {
    strategies: Vec<Listed>,
    experiments: Vec<Asked>,
}

#[derive(Serialize)]
struct Listed {
    strategy: &'static str,
    title: &'static str,
}

#[derive(Serialize)]
struct Asked {
    experiment: &'static str,
    title: &'static str,
    question: &'static str,
}

impl StrategyList {
    /// All strategies, and these experiments, in this language.
    pub fn new(experiments: &[&'static str], lang: Lang) -> Self {
        let listed = |kind: &Kind| Listed {
            strategy: kind.name(),
            title: knowledge::remedy(kind.name()).text(lang).title,
        };
        let asked = |experiment: &&'static str| {
            let told = knowledge::trial(experiment).text(lang);
            Asked { experiment, title: told.title, question: told.question }
        };
        Self {
            strategies: Kind::ALL.iter().map(listed).collect(),
            experiments: experiments.iter().map(asked).collect(),
        }
    }
}

/// One strategy for scripts.
#[derive(Serialize)]
pub struct StrategyPage {
    strategy: &'static str,
    #[serde(flatten)]
    effect: &'static knowledge::Effect,
    formula: String,
    source: &'static str,
    /// Durations are humantime's.
    parameters: BTreeMap<&'static str, String>,
    seed: u64,
    delays_ms: Vec<f64>,
}

impl StrategyPage {
    /// Of this strategy, in this language.
    pub fn new(kind: Kind, seed: u64, lang: Lang) -> Self {
        let remedy = knowledge::remedy(kind.name());
        Self {
            strategy: kind.name(),
            effect: remedy.text(lang),
            formula: kind.formula(),
            source: remedy.source,
            parameters: kind.parameters().into_iter().collect(),
            seed,
            delays_ms: of_seed(kind, seed).iter().map(|delay| delay.as_secs_f64() * 1e3).collect(),
        }
    }
}
