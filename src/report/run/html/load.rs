//! A load as one HTML file: the picture of how long answers took, the ranks and the errors. The same pieces as the page
//! of a run.

use super::histogram::{Bins, draw, labelled, shown};
use super::{STYLE, figure, heading, table};
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::load::{error_rows, facts, note, rank_row, ranked_from};
use crate::report::web::{self, escaped, in_each};
use crate::trace::Loaded;
use std::fmt::Write;

/// The page, first shown in `first`.
pub(in crate::report) fn load(loaded: &Loaded, first: Lang) -> String {
    let name = format!("{} {}", loaded.protocol, loaded.target);
    let section = |lang: Lang| {
        let terms = knowledge::terms(lang);
        let mut section = format!("<h1>{}</h1>\n<dl>\n", escaped(&name));
        for (label, value) in facts(loaded, terms) {
            let _ = writeln!(section, "<dt>{}</dt><dd>{}</dd>", escaped(label), escaped(&value));
        }
        section += "</dl>\n";
        if let Some(note) = note(loaded, terms) {
            let _ = writeln!(section, "<p class=\"hint\">{}</p>", escaped(&note));
        }
        section + &latency(loaded, &name, lang, terms) + &errors(loaded, terms)
    };
    let body = format!("<main>\n<section class=\"latency\">\n{}</section>\n</main>\n", in_each(section));
    web::page(&name, STYLE, first, &body)
}

fn latency(loaded: &Loaded, name: &str, lang: Lang, terms: &Terms) -> String {
    let Some(ranks) = &loaded.latency_ms else { return String::new() };
    // The scale is logarithmic: what begins at nothing begins a tenth before its end.
    let first = loaded.histogram.first().map(|bin| bin.from_ms.max(bin.to_ms / 10.0));
    let ends = first.into_iter().chain(loaded.histogram.iter().map(|bin| bin.to_ms)).collect();
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let bins = Bins { ends, counts: loaded.histogram.iter().map(|bin| (count(bin.count), 0)).collect() };
    let lines = [(50, ranks.p50), (90, ranks.p90), (99, ranks.p99)];
    let picture = draw(&bins, &lines, terms).unwrap_or_default();
    let title = format!("{name}: {}", terms.h_latency);
    let told = format!("{} {}", loaded.answered, terms.answered);
    let picture = labelled(&picture, &format!("load-{lang}"), &title, &told);
    let row = |bin: &crate::trace::Bin| vec![shown(bin.from_ms), shown(bin.to_ms), bin.count.to_string()];
    let rows = table(&[terms.from, terms.until, terms.answered], loaded.histogram.iter().map(row));
    let (names, values) = rank_row(ranks);
    heading(terms.h_latency)
        + &format!("<p>{} ({})</p>\n", escaped(ranked_from(loaded, terms)), escaped(terms.load_latency))
        + &table(&names, [values]).replacen("<table>", "<table class=\"ranks\">", 1)
        + &figure(&picture, "", &rows, terms)
}

fn errors(loaded: &Loaded, terms: &Terms) -> String {
    if loaded.errors.is_empty() {
        return String::new();
    }
    let headings = ["", "errno", terms.call, terms.axis_count];
    heading(terms.load_errors) + &table(&headings, error_rows(loaded, terms))
}
