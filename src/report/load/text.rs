//! A load in a terminal: what was driven, how long answers took, what failed, and the histogram as bars.

use super::{error_rows, facts, note, rank_row, ranked_from};
use crate::knowledge::{self, Terms};
use crate::report::{Look, wrap};
use crate::trace::{Loaded, Mode};
use std::fmt::Write;

/// Columns before a bar, and room for its count.
const BESIDE: usize = 36;

/// The report.
pub fn text(loaded: &Loaded, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let mut said = format!("{}, {}\n", look.strong(&title(loaded)), how(loaded, terms));
    let facts = facts(loaded, terms);
    let widest = facts.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    for (label, value) in facts {
        let _ = writeln!(said, "  {label:<widest$}  {value}");
    }
    if let Some(note) = note(loaded, terms) {
        said.push('\n');
        for line in wrap(&note, look.width) {
            let _ = writeln!(said, "{}", look.doubtful(&line));
        }
    }
    if let Some(latency) = &loaded.latency_ms {
        let (names, values) = rank_row(latency);
        let _ = writeln!(said, "\n{}", look.strong(terms.load_latency));
        let _ = writeln!(said, "  {}", look.faint(ranked_from(loaded, terms)));
        said += &cells(names.iter().copied());
        said += &cells(values.iter().map(String::as_str));
    }
    said + &errors(loaded, look, terms) + &histogram(loaded, look, terms)
}

/// A line of a table of numbers.
fn cells<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for cell in cells {
        let _ = write!(line, "{cell:>10}");
    }
    line + "\n"
}

fn title(loaded: &Loaded) -> String {
    format!("{} {}", loaded.protocol, loaded.target)
}

fn how(loaded: &Loaded, terms: &Terms) -> String {
    let number = |text: &str, number: usize| text.replace("{number}", &number.to_string());
    let mode = match loaded.mode {
        Mode::Open => terms.load_open.to_owned(),
        Mode::Closed => number(terms.load_closed, loaded.concurrency.unwrap_or_default()),
    };
    let connections = number(terms.load_connections, loaded.connections);
    let interrupted = if loaded.interrupted { format!(", {}", terms.interrupted) } else { String::new() };
    format!("{mode}, {connections}, {:.1} s{interrupted}", loaded.seconds)
}

fn errors(loaded: &Loaded, look: &Look, terms: &Terms) -> String {
    if loaded.errors.is_empty() {
        return String::new();
    }
    let mut said = format!("\n{}\n", look.strong(terms.load_errors));
    for row in error_rows(loaded, terms) {
        if let [family, errno, call, count] = row.as_slice() {
            let _ = writeln!(said, "  {count:>10}  {}  {errno}  {call}", look.bad(&format!("{family:<20}")));
        }
    }
    said
}

/// A bar for each span of time; the longest fills the line.
fn histogram(loaded: &Loaded, look: &Look, terms: &Terms) -> String {
    let most = loaded.histogram.iter().map(|bin| bin.count).max().unwrap_or_default();
    if most == 0 {
        return String::new();
    }
    let room = look.width.saturating_sub(BESIDE).max(8) as u64;
    let block = if look.ascii { "#" } else { "█" };
    let mut said = format!("\n{} (ms)\n", look.strong(terms.h_latency));
    for bin in &loaded.histogram {
        let length = u128::from(bin.count) * u128::from(room) / u128::from(most);
        // What is there at all is seen.
        let length = usize::try_from(length).unwrap_or_default().max(usize::from(bin.count > 0));
        let bar = look.good(&block.repeat(length));
        let line = format!("  {:>10} - {:<10} {:>9} {bar}", shown(bin.from_ms), shown(bin.to_ms), bin.count);
        said += line.trim_end();
        said.push('\n');
    }
    said
}

/// Three digits are enough for the end of a bar.
fn shown(ms: f64) -> String {
    match ms {
        10.0.. => format!("{ms:.0}"),
        1.0.. => format!("{ms:.1}"),
        _ => format!("{ms:.3}"),
    }
}
