//! An experiment in a terminal: per case a table of its arms and how goodput went, then the claims, then what there
//! is to learn.

use super::chart::chart;
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
    let title = paragraph(&format!("{}  {}", recovery.experiment, told.title), look);
    let mut said = title.replacen(recovery.experiment, &look.strong(recovery.experiment), 1);
    said += &paragraph(told.question, look);
    let how = format!("{}, seed {}, {} {}", recovery.engine, recovery.seed, recovery.runs, terms.r_runs);
    said += &painted(&how, look, |line| look.faint(line));
    said += &changed(recovery, terms).map(|changed| paragraph(&changed, look)).unwrap_or_default();
    for case in &recovery.cases {
        let _ = write!(said, "\n{}\n{}\n", look.strong(case.name), paragraph(told.case(case.name), look));
        said += &table(case, recovery, look, terms);
        said += &chart(case, look, terms);
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
    said += &painted(&format!("{}: {}", terms.r_source, trial.source), look, |line| look.faint(line));
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
    painted(words, look, str::to_owned)
}

fn painted(words: &str, look: &Look, paint: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = wrap(words, look.width).iter().map(|line| paint(line)).collect();
    lines.join("\n") + "\n"
}

/// What a table shows beside the medians.
#[derive(Clone, Copy)]
struct Beside {
    /// How far the runs lie apart.
    spread: bool,
    /// The number that the experiment is about.
    focus: Option<&'static str>,
}

/// The medians of the arms, and how far their runs lie apart where there is room for it. What is too wide is
/// divided into tables one below the other.
fn table(case: &RecoveryCase, recovery: &Recovery, look: &Look, terms: &Terms) -> String {
    let focus = focus(recovery.focus, terms);
    let apart = rows(case, Beside { spread: recovery.runs > 1, focus }, terms);
    if width(&apart) <= look.width {
        return in_columns(&apart, look);
    }
    let medians = rows(case, Beside { spread: false, focus }, terms);
    if width(&medians) <= look.width {
        return in_columns(&medians, look);
    }
    let only = |columns: &[usize]| -> Vec<Row> {
        let cells = |row: &Row| columns.iter().map(|column| row.cells[*column].clone()).collect();
        medians.iter().map(|row| Row { cells: cells(row), is_spread: false }).collect()
    };
    // the names begin each table
    let mut tables = vec![vec![0]];
    for column in 1..medians.first().map_or(0, |row| row.cells.len()) {
        let wider = tables.last().map(|table| [table.as_slice(), &[column]].concat()).unwrap_or_default();
        match tables.last_mut() {
            Some(last) if width(&only(&wider)) <= look.width => *last = wider,
            _ => tables.push(vec![0, column]),
        }
    }
    tables.iter().map(|columns| in_columns(&only(columns), look)).collect::<Vec<_>>().join("\n")
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
    if width(&rows) > look.width {
        rows = turned(&rows);
    }
    let heading = painted(&against(sweep, terms), look, |line| look.strong(line));
    format!("\n{heading}{}", in_columns(&rows, look))
}

/// Rows as columns.
fn turned(rows: &[Row]) -> Vec<Row> {
    let column = |at: usize| rows.iter().map(|row| row.cells[at].clone()).collect();
    let count = rows.first().map_or(0, |row| row.cells.len());
    (0..count).map(|at| Row { cells: column(at), is_spread: false }).collect()
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
