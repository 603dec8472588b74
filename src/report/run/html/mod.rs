//! Runs as one HTML file, in the order in which a reader asks: how did it end, what was expected, who sent what to whom,
//! what happened when, how long did answers take, what proves it, what does it mean, where was it, and all of it as it
//! was saved. No script; every picture has its table.

mod environment;
mod evidence;
mod expected;
mod explanation;
mod histogram;
mod lanes;
mod load;
mod picture;
mod recovery;
mod sequence;
mod verdict;

use super::{reproducible::reproducible, words};
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::visible::in_json;
use crate::report::web::{self, escaped, in_each};
use crate::trace::Run;
use explanation::Explained;
pub(in crate::report) use load::load;
pub(in crate::report) use recovery::recovery;
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");

/// Letters of a cell that is not broken into lines.
const SHORT: usize = 24;

/// All runs as one file, first shown in `lang`; if it is to be `reproducible`, without what differs from machine to
/// machine.
pub fn html(runs: &[Run], lang: Lang, reproducible_only: bool) -> String {
    let bare: Vec<Run>;
    let runs = if reproducible_only {
        bare = runs.iter().map(reproducible).collect();
        &bare
    } else {
        runs
    };
    let mut body = picture::patterns();
    body += "<main>\n";
    if let [run] = runs {
        body += &article(run, 1, &mut Explained::default());
    } else {
        body += &in_each(|lang| overview(runs, lang));
        let mut explained = Explained::default();
        for (number, run) in runs.iter().enumerate() {
            body += &article(run, number + 1, &mut explained);
        }
    }
    body += "</main>\n";
    let terms = knowledge::terms(lang);
    let title = match runs {
        [run] => format!("{}: {}", words::name(run), words::status_word(run, terms)),
        _ => format!("netfault: {} {}", runs.len(), terms.runs),
    };
    web::page(&title, STYLE, lang, &body)
}

/// A list of all runs.
fn overview(runs: &[Run], lang: Lang) -> String {
    let terms = knowledge::terms(lang);
    let mut list = format!("<h1>{} {}</h1>\n<table class=\"overview\">\n", runs.len(), escaped(terms.runs));
    for (number, run) in runs.iter().enumerate() {
        let points = run.points().map(|points| format!("{}/{}", points.got, points.of)).unwrap_or_default();
        let title = run.header.scenario.as_ref().map_or("", |told| told.title.text(lang));
        let _ = writeln!(
            list,
            "<tr><td>{}</td><td><a href=\"#run-{}\">{}</a><br><small>{}</small></td><td>{points}</td><td>{}</td></tr>",
            verdict::badge(run, terms),
            number + 1,
            escaped(words::name(run)),
            escaped(title),
            escaped(&words::length(words::took(run)))
        );
    }
    list + "</table>\n"
}

fn article(run: &Run, number: usize, explained: &mut Explained) -> String {
    let in_section = |class: &str, write: &dyn Fn(Lang) -> String| {
        let content = in_each(write);
        let is_empty = Lang::ALL.iter().all(|lang| write(*lang).is_empty());
        if is_empty { String::new() } else { format!("<section class=\"{class}\">\n{content}</section>\n") }
    };
    let id = |lang: Lang, what: &str| format!("run-{number}-{what}-{lang}");
    let mut article = format!("<article id=\"run-{number}\">\n");
    article += &in_section("verdict", &|lang| verdict::html(run, lang));
    article += &in_section("expected", &|lang| expected::html(run, lang));
    article += &in_section("sequence", &|lang| sequence::html(run, lang, &id(lang, "sequence")));
    article += &in_section("lanes", &|lang| lanes::html(run, lang, &id(lang, "lanes")));
    article += &in_section("latency", &|lang| histogram::html(run, lang, &id(lang, "latency")));
    article += &in_section("evidence", &|lang| evidence::html(run, lang));
    article += &explained.html(run);
    article += &in_section("environment", &|lang| environment::html(run, lang));
    article + &raw(run) + "</article>\n"
}

/// The trace as it is saved: it can be copied out and rendered again.
fn raw(run: &Run) -> String {
    let heading = in_each(|lang| escaped(knowledge::terms(lang).h_raw));
    format!(
        "<section class=\"raw\">\n<details><summary>{heading}</summary>\n<pre>{}</pre></details>\n</section>\n",
        escaped(&in_json(&run.ndjson()))
    )
}

/// The heading of a section.
fn heading(words: &str) -> String {
    format!("<h2>{}</h2>\n", escaped(words))
}

/// A picture, and below it the same as a table that opens on a click.
fn figure(picture: &str, legend: &str, table: &str, terms: &Terms) -> String {
    format!(
        "<figure>\n<div class=\"wide\" tabindex=\"0\">\n{picture}\n</div>\n{legend}</figure>\n\
         <details><summary>{}</summary>\n{table}</details>\n",
        escaped(terms.as_table)
    )
}

/// A table of texts that are escaped here; the headings come first.
fn table(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let heading = |text: &&str| format!("<th>{}</th>", escaped(text));
    let headings: String = headings.iter().map(heading).collect();
    let cell = |text: &String| {
        // Times, names and numbers stay whole; only words are broken into lines.
        let short = text.chars().count() <= SHORT && (text.len() < 10 || !text.contains(' '));
        format!("<td{}>{}</td>", if short { " class=\"short\"" } else { "" }, escaped(text))
    };
    let row = |row: Vec<String>| format!("<tr>{}</tr>\n", row.iter().map(cell).collect::<String>());
    let rows: String = rows.into_iter().map(row).collect();
    format!("<table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n{rows}</tbody></table>\n")
}
