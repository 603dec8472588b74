//! An experiment in a terminal: per case a table of its arms and how goodput went, then the claims, then what there
//! is to learn.

use super::{Of, against, changed, columns, focus, written};
use crate::knowledge::{self, Terms, Told};
use crate::report::{Look, wrap};
use crate::trace::{Measure, Recovery, RecoveryCase, RecoveryClaim, RecoverySweep, Spread};
use std::fmt::Write;

/// Columns between those of a table.
const GAP: usize = 2;

/// The report.
pub fn text(recovery: &Recovery, look: &Look) -> String {
    let (terms, trial) = (knowledge::terms(look.lang), knowledge::trial(recovery.experiment));
    let told = trial.text(look.lang);
    let mut said = format!("{}  {}\n", look.strong(recovery.experiment), told.title);
    said += &paragraph(told.question, look);
    let how = format!("{}, seed {}, {} {}", recovery.engine, recovery.seed, recovery.runs, terms.r_runs);
    let _ = writeln!(said, "{}", look.faint(&how));
    said += &changed(recovery, terms).map(|changed| paragraph(&changed, look)).unwrap_or_default();
    for case in &recovery.cases {
        let _ = write!(said, "\n{}\n{}\n", look.strong(case.name), paragraph(told.case(case.name), look));
        said += &table(case, recovery, look, terms);
        said += &course(case, look, terms);
    }
    said += &recovery.sweep.as_ref().map(|sweep| swept(sweep, look, terms)).unwrap_or_default();
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
    let _ = write!(said, "\n{}\n{}", look.strong(terms.r_learn), paragraph(told.learn, look));
    let _ = writeln!(said, "{}", look.faint(&format!("{}: {}", terms.r_source, trial.source)));
    let shown: Vec<String> =
        trial.strategies.iter().map(|name| format!("netfault recover show {name}")).collect();
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

fn paragraph(words: &str, look: &Look) -> String {
    wrap(words, look.width).join("\n") + "\n"
}

/// What a table shows beside the medians.
#[derive(Clone, Copy)]
struct Beside {
    /// How far the runs lie apart.
    spread: bool,
    /// The number that the experiment is about.
    focus: Option<&'static str>,
}

/// The medians of the arms, and as much beside them as there is room for.
fn table(case: &RecoveryCase, recovery: &Recovery, look: &Look, terms: &Terms) -> String {
    let (spread, focus) = (recovery.runs > 1, focus(recovery.focus, terms));
    let all = [(spread, focus), (false, focus), (false, None)];
    let mut tables = all.map(|(spread, focus)| rows(case, Beside { spread, focus }, terms)).into_iter();
    let mut rows = tables.next().unwrap_or_default();
    while width(&rows) > look.width
        && let Some(smaller) = tables.next()
    {
        rows = smaller;
    }
    in_columns(&rows, look)
}

fn in_columns(rows: &[Row], look: &Look) -> String {
    let widths = widths(rows);
    let mut said = String::new();
    for (number, Row { cells, is_spread }) in rows.iter().enumerate() {
        let mut line = format!("  {:<1$}", cells[0], widths[0]);
        for (cell, width) in cells.iter().zip(&widths).skip(1) {
            let _ = write!(line, "{:GAP$}{cell:>width$}", "");
        }
        let line = line.trim_end();
        let line = if number == 0 || *is_spread { look.faint(line) } else { line.to_owned() };
        let _ = writeln!(said, "{line}");
    }
    said
}

/// A row of a table.
#[derive(Default)]
struct Row {
    cells: Vec<String>,
    is_spread: bool,
}

/// The headings, and for each arm its medians and how far its runs lie apart.
fn rows(case: &RecoveryCase, beside: Beside, terms: &Terms) -> Vec<Row> {
    let mut columns = columns(terms).to_vec();
    columns.extend(beside.focus.map(|heading| (heading, (|arm| Some(arm.focus)) as Of)));
    columns.retain(|(_, of)| case.arms.iter().any(|arm| of(arm).is_some()));
    let row = |is_spread, first: &str, cell: &dyn Fn(&(&'static str, Of)) -> String| Row {
        cells: std::iter::once(first.to_owned()).chain(columns.iter().map(cell)).collect(),
        is_spread,
    };
    let mut rows = vec![row(false, terms.r_strategy, &|(heading, _)| (*heading).to_owned())];
    for arm in &case.arms {
        let median = |(unit, spread): (Measure, Spread)| written(unit, spread.median, terms);
        let apart = |(unit, spread)| ends(unit, spread, terms);
        rows.push(row(false, &arm.strategy, &|(_, of)| of(arm).map(median).unwrap_or_default()));
        if beside.spread {
            rows.push(row(true, "", &|(_, of)| of(arm).map(apart).unwrap_or_default()));
        }
    }
    rows
}

fn widths(rows: &[Row]) -> Vec<usize> {
    let width = |at: usize| rows.iter().map(|row| row.cells[at].chars().count()).max().unwrap_or_default();
    (0..rows.first().map_or(0, |row| row.cells.len())).map(width).collect()
}

fn width(rows: &[Row]) -> usize {
    widths(rows).iter().map(|width| width + GAP).sum()
}

/// From the least to the most; the unit of both is that of the median above.
fn ends(unit: Measure, Spread { least, most, .. }: Spread, terms: &Terms) -> String {
    let (least, most) = (written(unit, least, terms), written(unit, most, terms));
    if least == most {
        return "=".to_owned();
    }
    let unit_of =
        |text: &str| text.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '.').to_owned();
    let unit = unit_of(&least);
    let bare = |text: &str| text.strip_suffix(&unit).unwrap_or(text).to_owned();
    if unit == unit_of(&most) {
        format!("{}..{}", bare(&least), bare(&most))
    } else {
        format!("{least}..{most}")
    }
}

/// What was set, a column each, and what came of it, an arm a line.
fn swept(sweep: &RecoverySweep, look: &Look, terms: &Terms) -> String {
    let row = |first: &str, cells: Vec<String>| Row {
        cells: std::iter::once(first.to_owned()).chain(cells).collect(),
        is_spread: false,
    };
    let mut rows = vec![row(sweep.key, sweep.values.iter().map(|(_, value)| value.clone()).collect())];
    rows.extend(sweep.arms.iter().map(|(arm, medians)| {
        row(arm, medians.iter().map(|median| written(sweep.unit, *median, terms)).collect())
    }));
    format!("\n{}\n{}", look.strong(&against(sweep, terms)), in_columns(&rows, look))
}

/// Goodput over the time of the world, an arm a line, with the trouble below.
fn course(case: &RecoveryCase, look: &Look, terms: &Terms) -> String {
    let most = case.arms.iter().flat_map(|arm| &arm.course.goodput_per_s).copied().fold(0.0, f64::max);
    let Some(slot) = case.arms.first().map(|arm| arm.course.slot_s).filter(|_| most > 0.0) else {
        return String::new();
    };
    let names = case.arms.iter().map(|arm| arm.strategy.chars().count()).max().unwrap_or_default();
    let scale =
        terms.r_course.replace("{slot}", &super::digits(slot, 1)).replace("{most}", &super::digits(most, 1));
    let mut said = format!("\n  {}\n", look.faint(&scale));
    for arm in &case.arms {
        let line: String =
            arm.course.goodput_per_s.iter().map(|value| level(*value / most, look.ascii)).collect();
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
