//! Goodput over the time of the world in signs, an arm a line, with the trouble below.

use super::digits;
use crate::knowledge::Terms;
use crate::report::Look;
use crate::trace::RecoveryCase;
use std::fmt::Write;

/// Columns before a name, and between it and its line.
const GAP: usize = 2;

/// The chart; nothing where nothing ever succeeded.
pub(super) fn chart(case: &RecoveryCase, look: &Look, terms: &Terms) -> String {
    let most = case.arms.iter().flat_map(|arm| &arm.course.goodput_per_s).copied().fold(0.0, f64::max);
    let Some(course) = case.arms.first().map(|arm| &arm.course).filter(|_| most > 0.0) else {
        return String::new();
    };
    let names = case.arms.iter().map(|arm| arm.strategy.as_str()).chain([terms.r_trouble]);
    let names = names.map(|name| name.chars().count()).max().unwrap_or_default();
    let slots = course.goodput_per_s.len();
    // a sign stands for as many slots as it has to
    let merged = slots.div_ceil(look.width.saturating_sub(names + 2 * GAP).max(1)).max(1);
    let slot = course.slot_s * real(merged);
    let scale = terms.r_course.replace("{slot}", &digits(slot, 1)).replace("{most}", &digits(most, 1));
    let mut said = format!("\n  {}\n", look.faint(&scale));
    for arm in &case.arms {
        let means = arm.course.goodput_per_s.chunks(merged).map(mean);
        let line: String = means.map(|mean| level(mean / most, look.ascii)).collect();
        named(&mut said, &arm.strategy, names, line.trim_end(), |line| look.good(line));
    }
    let troubled = |number: usize| {
        let (from, until) = (real(number) * slot, real(number + 1) * slot);
        case.troubles_s.iter().any(|(begin, end)| from < *end && *begin < until)
    };
    let marks: String =
        (0..slots.div_ceil(merged)).map(|number| if troubled(number) { '^' } else { ' ' }).collect();
    if !marks.trim().is_empty() {
        named(&mut said, terms.r_trouble, names, marks.trim_end(), |marks| look.bad(marks));
    }
    said
}

/// A name in its column, and a line that may be empty.
fn named(said: &mut String, name: &str, names: usize, line: &str, paint: impl Fn(&str) -> String) {
    let gap = if line.is_empty() { 0 } else { names + GAP - name.chars().count() };
    let _ = writeln!(said, "{:GAP$}{name}{:gap$}{}", "", "", paint(line));
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / real(values.len().max(1))
}

fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// One sign for a share of the most.
fn level(share: f64, ascii: bool) -> char {
    let levels: &[char] = if ascii {
        &[' ', '.', ':', '-', '=', '+', '*', '#', '@']
    } else {
        &[' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
    };
    let steps = real(levels.len() - 1);
    let reached = (1..levels.len()).filter(|step| share >= (real(*step) - 0.5) / steps).count();
    // what is there at all is seen
    levels[reached.max(usize::from(share > 0.0))]
}
