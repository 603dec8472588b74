//! An experiment in a terminal: per case a table of its arms and how goodput went, then the claims, then what there
//! is to learn.

use super::{columns, focus, written};
use crate::knowledge::{self, Terms, Told};
use crate::report::{Look, wrap};
use crate::trace::{Recovery, RecoveryArm, RecoveryCase, RecoveryClaim, Spread};
use std::fmt::Write;

/// Columns between those of a table.
const GAP: usize = 2;

/// The report.
pub fn text(recovery: &Recovery, look: &Look) -> String {
    let (terms, trial) = (knowledge::terms(look.lang), knowledge::trial(recovery.experiment));
    let told = trial.text(look.lang);
    let mut said = format!("{}  {}\n", look.strong(recovery.experiment), told.title);
    said += &paragraph(told.question, look, 0);
    let how = format!("{}, seed {}, {} {}", recovery.engine, recovery.seed, recovery.runs, terms.r_runs);
    let _ = writeln!(said, "{}", look.faint(&how));
    for case in &recovery.cases {
        let _ = write!(said, "\n{}\n{}\n", look.strong(case.name), paragraph(told.case(case.name), look, 0));
        said += &table(case, recovery, look, terms);
        said += &course(case, look, terms);
    }
    let _ = writeln!(said, "\n{}", look.strong(terms.r_claims));
    for claim in &recovery.claims {
        said += &one_claim(claim, told, look, terms);
    }
    if !recovery.unchecked.is_empty() {
        let unchecked = format!("{}: {}", terms.r_not_checked, recovery.unchecked.join(", "));
        for line in wrap(&unchecked, look.width.saturating_sub(2)) {
            let _ = writeln!(said, "  {}", look.faint(&line));
        }
    }
    let _ = write!(said, "\n{}\n{}", look.strong(terms.r_learn), paragraph(told.learn, look, 0));
    let _ = writeln!(said, "{}", look.faint(&format!("{}: {}", terms.r_source, trial.source)));
    let shown: Vec<String> = trial.strategies.iter().map(|name| format!("netfault recover show {name}")).collect();
    said + &format!("{}\n", shown.iter().map(|line| look.command(line)).collect::<Vec<_>>().join("\n"))
}

/// How many claims of how many experiments hold, and where one does not.
pub fn summary(all: &[Recovery], look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let claims: usize = all.iter().map(|recovery| recovery.claims.len()).sum();
    let held: usize = all.iter().map(Recovery::held).sum();
    let line = terms.r_summary.replace("{held}", &held.to_string()).replace("{claims}", &claims.to_string());
    let broken: Vec<&str> = all.iter().filter(|it| !it.holds()).map(|it| it.experiment).collect();
    if broken.is_empty() {
        return look.good(&line) + "\n";
    }
    look.bad(&format!("{line}: {}", broken.join(", "))) + "\n"
}

fn paragraph(words: &str, look: &Look, indent: usize) -> String {
    let lines = wrap(words, look.width.saturating_sub(indent));
    lines.iter().map(|line| format!("{:indent$}{line}\n", "")).collect()
}

/// The medians of the arms; below them how far the runs lie apart, where they do.
fn table(case: &RecoveryCase, recovery: &Recovery, look: &Look, terms: &Terms) -> String {
    let about = focus(recovery.focus, terms);
    let columns = columns(terms).into_iter().filter(|(_, of)| case.arms.iter().any(|arm| of(arm).is_some()));
    let columns: Vec<_> = columns.collect();
    let mut headings = vec![terms.r_strategy];
    headings.extend(columns.iter().map(|(heading, _)| *heading));
    headings.extend(about);
    let row = |arm: &RecoveryArm, of: &dyn Fn(Spread) -> Option<String>, name: &str| {
        let mut row = vec![name.to_owned()];
        let numbers = columns.iter().map(|(_, number)| number(arm));
        for number in numbers.chain(about.map(|_| Some(arm.focus))) {
            row.push(number.map_or_else(String::new, |(unit, spread)| {
                of(spread).unwrap_or_else(|| written(unit, spread.median, terms))
            }));
        }
        row
    };
    let mut rows: Vec<(bool, Vec<String>)> = vec![(false, headings.iter().map(|&word| word.to_owned()).collect())];
    for arm in &case.arms {
        rows.push((false, row(arm, &|_| None, &arm.strategy)));
        if recovery.runs > 1 {
            rows.push((true, ends(arm, &columns, about.is_some(), terms)));
        }
    }
    let width = |at: usize| rows.iter().map(|(_, row)| row[at].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let mut said = String::new();
    for (number, (is_spread, row)) in rows.iter().enumerate() {
        let mut line = format!("  {:<1$}", row[0], widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            let _ = write!(line, "{:GAP$}{cell:>width$}", "");
        }
        let line = line.trim_end();
        let line = if number == 0 || *is_spread { look.faint(line) } else { line.to_owned() };
        let _ = writeln!(said, "{line}");
    }
    said
}

type Column = (&'static str, fn(&RecoveryArm) -> Option<(crate::trace::Measure, Spread)>);

/// The least and the most of each number.
fn ends(arm: &RecoveryArm, columns: &[Column], focused: bool, terms: &Terms) -> Vec<String> {
    let cell = |number: Option<(crate::trace::Measure, Spread)>| {
        let Some((unit, Spread { least, most, .. })) = number else { return String::new() };
        if least.total_cmp(&most).is_eq() {
            return "=".to_owned();
        }
        format!("{}..{}", bare(&written(unit, least, terms), &written(unit, most, terms)), written(unit, most, terms))
    };
    let numbers = columns.iter().map(|(_, of)| of(arm)).chain(focused.then_some(Some(arm.focus)));
    std::iter::once(String::new()).chain(numbers.map(cell)).collect()
}

/// The lesser end without the unit that the greater one has too.
fn bare(least: &str, most: &str) -> String {
    let unit = |text: &str| text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.').to_owned();
    if unit(least) == unit(most) { least.strip_suffix(&unit(least)).unwrap_or(least).to_owned() } else { least.to_owned() }
}

/// Goodput over the time of the world, an arm a line, with the trouble below.
fn course(case: &RecoveryCase, look: &Look, terms: &Terms) -> String {
    let most = case.arms.iter().flat_map(|arm| &arm.course.goodput_per_s).copied().fold(0.0, f64::max);
    let Some(slot) = case.arms.first().map(|arm| arm.course.slot_s).filter(|_| most > 0.0) else {
        return String::new();
    };
    let names = case.arms.iter().map(|arm| arm.strategy.chars().count()).max().unwrap_or_default();
    let scale = terms.r_course.replace("{slot}", &super::digits(slot, 1)).replace("{most}", &super::digits(most, 1));
    let mut said = format!("\n  {}\n", look.faint(&scale));
    for arm in &case.arms {
        let line: String = arm.course.goodput_per_s.iter().map(|value| level(*value / most, look.ascii)).collect();
        let _ = writeln!(said, "  {:<names$}  {}", arm.strategy, look.good(line.trim_end()));
    }
    let slots = case.arms.first().map_or(0, |arm| arm.course.goodput_per_s.len());
    let troubled = |number: usize| {
        #[expect(clippy::cast_precision_loss, reason = "some sixty slots")]
        let (from, until) = (number as f64 * slot, (number + 1) as f64 * slot);
        case.troubles_s.iter().any(|(begin, end)| from < *end && *begin < until)
    };
    let marks: String = (0..slots).map(|number| if troubled(number) { '^' } else { ' ' }).collect();
    if !marks.trim().is_empty() {
        let _ = writeln!(said, "  {:<names$}  {}", terms.r_trouble, look.bad(marks.trim_end()));
    }
    said
}

/// One sign for a share of the most.
fn level(share: f64, ascii: bool) -> char {
    let levels: &[char] = if ascii {
        &[' ', '.', ':', '-', '=', '+', '*', '#', '@']
    } else {
        &[' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
    };
    let reached = (1..levels.len()).filter(|step| {
        #[expect(clippy::cast_precision_loss, reason = "eight levels")]
        let needed = (*step as f64 - 0.5) / (levels.len() - 1) as f64;
        share >= needed
    });
    // what is there at all is seen
    levels[reached.count().max(usize::from(share > 0.0))]
}

fn one_claim(claim: &RecoveryClaim, told: &Told, look: &Look, terms: &Terms) -> String {
    let sentence = told.claim(claim.key, &written(claim.unit, claim.limit, terms));
    let (word, mark) = match (claim.passed, look.ascii) {
        (true, true) => (terms.r_holds, "+"),
        (true, false) => (terms.r_holds, "✓"),
        (false, true) => (terms.r_broken, "x"),
        (false, false) => (terms.r_broken, "✗"),
    };
    let measured = written(claim.unit, claim.measured, terms);
    let lines = wrap(&format!("{sentence} {word}: {measured}"), look.width.saturating_sub(4));
    let mark = if claim.passed { look.good(mark) } else { look.bad(mark) };
    let mut said = String::new();
    for (number, line) in lines.iter().enumerate() {
        let _ = if number == 0 { writeln!(said, "  {mark} {line}") } else { writeln!(said, "    {line}") };
    }
    said
}
