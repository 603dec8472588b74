//! What was expected, beside what was seen.

use super::heading;
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::run::words;
use crate::report::web::{escaped, marked};
use crate::trace::{Checked, Run};
use std::fmt::Write;

/// Events that are quoted for one expectation.
const QUOTES: usize = 6;

/// The section; nothing when nothing was expected.
pub(super) fn html(run: &Run, lang: Lang) -> String {
    if run.checks.is_empty() {
        return String::new();
    }
    let terms = knowledge::terms(lang);
    let mut table = heading(terms.h_expected);
    let _ = write!(
        table,
        "<table>\n<thead><tr><th></th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead>\n<tbody>\n",
        escaped(terms.expectation),
        escaped(terms.want),
        escaped(terms.got),
        escaped(terms.points)
    );
    for checked in &run.checks {
        table += &row(run, checked, terms, lang);
    }
    table + "</tbody></table>\n"
}

fn row(run: &Run, checked: &Checked, terms: &Terms, lang: Lang) -> String {
    let (class, sign, word) = match checked.passed {
        Some(true) => ("good", "✓", terms.is_met),
        Some(false) => ("bad", "✗", terms.is_not_met),
        None => ("doubt", "–", terms.unsupported),
    };
    let mut said = format!("<b>{}</b>", escaped(checked.name.text(lang)));
    if checked.passed != Some(true) {
        if let Some(hint) = &checked.hint {
            let _ = write!(said, "<p class=\"hint\">{}</p>", marked(hint.text(lang)));
        }
        let quotes: Vec<String> = checked.because.iter().filter_map(|seq| words::quoted(run, *seq)).collect();
        if !quotes.is_empty() {
            said += "<ul class=\"quotes\">";
            for quote in quotes.iter().take(QUOTES) {
                let _ = write!(said, "<li>{}</li>", escaped(quote));
            }
            if quotes.len() > QUOTES {
                let _ = write!(said, "<li>… {} {}</li>", quotes.len() - QUOTES, escaped(terms.others));
            }
            said += "</ul>";
        }
    }
    let points = match (checked.points, checked.passed) {
        (None, _) => String::new(),
        (Some(points), Some(true)) => format!("{points}/{points}"),
        (Some(points), _) => format!("0/{points}"),
    };
    format!(
        "<tr><td><span class=\"badge {class}\"><span aria-hidden=\"true\">{sign}</span> {}</span></td><td>{said}</td>\
         <td data-label=\"{}\">{}</td><td data-label=\"{}\">{}</td><td>{points}</td></tr>\n",
        escaped(word),
        escaped(terms.want),
        escaped(&checked.want),
        escaped(terms.got),
        escaped(&checked.got)
    )
}
