//! What else an experiment shows over time, a strip for each arm that has it: attempts in each twentieth of a second,
//! what is left of a retry budget, or the states of a circuit.

use super::course::{STRIP, axis, bottom, legend_of, place, sample, top, troubles};
use super::picture::{self, bar, line, number, path, text};
use super::{BESIDE, LEFT, WIDTH, figure, heading_of_picture, table};
use crate::knowledge::Terms;
use crate::lang::Lang;
use crate::report::recovery::written;
use crate::trace::{Detail, Measure, Recovery, RecoveryArm, RecoveryCase};
use std::collections::BTreeMap;
use std::fmt::Write;
use svg::Document;

/// The picture; nothing when no arm of the case has such a thing.
pub(super) fn html(recovery: &Recovery, case: &RecoveryCase, lang: Lang, terms: &Terms) -> String {
    let with = |arm: &&RecoveryArm| arm.course.detail.is_some();
    let arms: Vec<&RecoveryArm> = case.arms.iter().filter(with).collect();
    let Some(first) = arms.first().and_then(|arm| arm.course.detail.as_ref()) else { return String::new() };
    let words = match first {
        Detail::Attempts { .. } => terms.r_per_50_ms,
        Detail::Tokens(_) => terms.r_tokens,
        Detail::Circuit(_) => terms.r_circuit,
    };
    let id = format!("{}-{}-detail-{lang}", recovery.experiment, case.name);
    let title = format!("{}, {}: {words}", recovery.experiment, case.name);
    let names: Vec<&str> = arms.iter().map(|arm| arm.strategy.as_str()).collect();
    let bottom = bottom(arms.len());
    let drawn = picture::picture(&id, LEFT + WIDTH + BESIDE, bottom + 24.0, &title, &names.join(", "));
    let mut drawn = troubles(drawn, case, bottom, terms);
    for (at, arm) in arms.iter().enumerate() {
        let floor = top(at) + STRIP - 6.0;
        drawn = drawn.add(text(LEFT - 12.0, floor - 8.0, "end", "name", &arm.strategy));
        drawn = match &arm.course.detail {
            Some(Detail::Circuit(states)) => band(drawn, states, case, floor, terms),
            Some(detail) => level(drawn, &levels(detail), case, floor),
            None => drawn,
        };
    }
    let legend = match first {
        Detail::Circuit(_) => {
            ["closed", "open", "half-open"].map(|state| sample(class(state), word(state, terms))).concat()
        }
        _ => sample("level", words),
    };
    let picture = axis(drawn, case, bottom).to_string();
    heading_of_picture(words) + &figure(&picture, &legend_of(&legend), &numbers(&arms, terms), terms)
}

/// A number that changes over time, each from when on.
fn levels(detail: &Detail) -> Vec<(f64, f64)> {
    match detail {
        Detail::Attempts { slot_s, counts } => {
            counts.iter().enumerate().map(|(slot, count)| (picture::real(slot) * slot_s, *count)).collect()
        }
        Detail::Tokens(levels) => levels.clone(),
        Detail::Circuit(_) => Vec::new(),
    }
}

/// One line over a scale of its own, with no more corners than there are places for: of those at one place the highest
/// and the last.
fn level(drawn: Document, levels: &[(f64, f64)], case: &RecoveryCase, floor: f64) -> Document {
    let most = levels.iter().map(|(_, level)| *level).fold(0.0, f64::max);
    let height = |level: f64| floor - (STRIP - 12.0) * level / most.max(f64::MIN_POSITIVE);
    let mut places = BTreeMap::<String, (f64, f64, f64)>::new();
    for (at, level) in levels.iter().filter(|(at, _)| *at <= case.lasts_s) {
        let x = place(*at, case);
        let (_, highest, last) = places.entry(format!("{x:09.1}")).or_insert((x, *level, *level));
        (*highest, *last) = (highest.max(*level), *level);
    }
    let mut d = String::new();
    for (x, highest, last) in places.values() {
        let command = if d.is_empty() { 'M' } else { 'H' };
        let _ = match command {
            'M' => write!(d, "M{},{}", number(*x), number(height(*highest))),
            _ => write!(d, " H{} V{}", number(*x), number(height(*highest))),
        };
        let _ = write!(d, " V{}", number(height(*last)));
    }
    drawn.add(line((LEFT, floor), (LEFT + WIDTH, floor), "grid")).add(path(d, "level")).add(text(
        LEFT + WIDTH + 8.0,
        height(most) + 10.0,
        "start",
        "time",
        &format!("{most:.0}"),
    ))
}

/// A bar for as long as a state lasts.
fn band(
    mut drawn: Document,
    states: &[(f64, &str)],
    case: &RecoveryCase,
    floor: f64,
    terms: &Terms,
) -> Document {
    let ends = states.iter().skip(1).map(|(from, _)| *from).chain([case.lasts_s]);
    for ((from, state), until) in states.iter().zip(ends) {
        let (x, to) = (place(*from, case), place(until, case));
        let size = ((to - x).max(1.0), STRIP - 24.0);
        drawn = drawn.add(bar(x, floor - STRIP + 24.0, size, class(state), word(state, terms)));
    }
    drawn
}

fn class(state: &str) -> &'static str {
    match state {
        "closed" => "goodput",
        "open" => "fails",
        _ => "waits",
    }
}

fn word(state: &str, terms: &Terms) -> &'static str {
    match state {
        "closed" => terms.r_closed,
        "open" => terms.r_open,
        _ => terms.r_half_open,
    }
}

/// The same as numbers, an arm after another: what is the same as before is told once.
fn numbers(arms: &[&RecoveryArm], terms: &Terms) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for arm in arms {
        let told: Vec<(f64, String)> = match &arm.course.detail {
            Some(Detail::Circuit(states)) => {
                states.iter().map(|(from, state)| (*from, word(state, terms).to_owned())).collect()
            }
            Some(detail) => {
                levels(detail).into_iter().map(|(from, level)| (from, format!("{level:.1}"))).collect()
            }
            None => Vec::new(),
        };
        let mut last = None;
        for (from, what) in told {
            if last.as_ref() != Some(&what) {
                rows.push(vec![arm.strategy.clone(), written(Measure::Seconds, from, terms), what.clone()]);
                last = Some(what);
            }
        }
    }
    table(&[terms.r_strategy, terms.from, ""], rows)
}
