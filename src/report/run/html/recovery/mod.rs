//! Experiments about recovery as one HTML file: per case how every arm went over time, the number that the experiment
//! is about as bars, what else it has to show, and the table of all numbers; then the claims and what there is to learn.

mod bars;
mod course;
mod detail;
mod sweep;

use super::{STYLE, figure, heading, histogram, lanes, picture, table};
use crate::knowledge::{self, Terms, Told};
use crate::lang::Lang;
use crate::report::recovery::{Found, changed, columns, written};
use crate::report::visible::in_json;
use crate::report::web::{self, escaped, in_each};
use crate::trace::{Recovery, RecoveryArm, RecoveryCase, Spread};
use serde_json::{Map, Value};
use std::fmt::Write;

/// Room for the names, for the chart, and beside it.
const LEFT: f64 = 150.0;
const WIDTH: f64 = 640.0;
const BESIDE: f64 = 110.0;

/// The page, first shown in `first`.
pub(in crate::report) fn recovery(all: &[Recovery], first: Lang) -> String {
    let mut body = picture::patterns() + "<main>\n";
    for recovery in all {
        let _ = writeln!(body, "<article id=\"{}\">", recovery.experiment);
        body += &in_each(|lang| one(recovery, lang));
        body += &raw(recovery, first);
        body += "</article>\n";
    }
    body += "</main>\n";
    let title = match all {
        [only] => format!("netfault: {}", only.experiment),
        _ => "netfault recover run".to_owned(),
    };
    web::page(&title, STYLE, first, &body)
}

fn one(recovery: &Recovery, lang: Lang) -> String {
    let (terms, trial) = (knowledge::terms(lang), knowledge::trial(recovery.experiment));
    let told = trial.text(lang);
    let mut page = format!(
        "<h1>{} <small>{}</small></h1>\n<p>{}</p>\n",
        escaped(recovery.experiment),
        escaped(told.title),
        escaped(told.question)
    );
    let how = format!("{}, seed {}, {} {}", recovery.engine, recovery.seed, recovery.runs, terms.r_runs);
    let _ = writeln!(page, "<p class=\"about\">{}</p>", escaped(&how));
    if let Some(changed) = changed(recovery, terms) {
        let _ = writeln!(page, "<p class=\"hint\">{}</p>", escaped(&changed));
    }
    page += &claims(recovery, told, terms);
    for case in &recovery.cases {
        page += &heading(case.name);
        let _ = writeln!(page, "<p>{}</p>", escaped(told.case(case.name)));
        page += &course::html(recovery, case, lang, terms);
        page += &detail::html(recovery, case, lang, terms);
        page += &bars::html(recovery, case, lang, terms);
        page += &arms(case, terms);
    }
    page +=
        &recovery.sweep.as_ref().map(|swept| sweep::html(recovery, swept, lang, terms)).unwrap_or_default();
    page += &heading(terms.r_learn);
    let _ = writeln!(page, "<p>{}</p>", escaped(told.learn));
    let _ = writeln!(page, "<p class=\"about\">{}: {}</p>", escaped(terms.r_source), escaped(trial.source));
    page
}

/// How many claims hold, and each with what was measured.
fn claims(recovery: &Recovery, told: &Told, terms: &Terms) -> String {
    let (held, all) = (recovery.held(), recovery.claims.len());
    let summary = terms.r_summary.replace("{held}", &held.to_string()).replace("{claims}", &all.to_string());
    let (class, mark) = if held == all { ("good", "✓") } else { ("bad", "✗") };
    let mut page = format!("<p><strong class=\"{class}\">{mark} {}</strong></p>\n<ul>\n", escaped(&summary));
    for claim in &recovery.claims {
        let (class, mark, word) =
            if claim.passed { ("good", "✓", terms.r_holds) } else { ("bad", "✗", terms.r_broken) };
        let sentence = told.claim(claim.key, &written(claim.unit, claim.limit, terms));
        let measured = written(claim.unit, claim.measured, terms);
        let _ = writeln!(
            page,
            "<li><span class=\"{class}\">{mark}</span> {} <small>{word}: {measured}</small></li>",
            escaped(&sentence)
        );
    }
    page += "</ul>\n";
    if !recovery.unchecked.is_empty() {
        let unchecked = format!("{}: {}", terms.r_not_checked, recovery.unchecked.join(", "));
        let _ = writeln!(page, "<p class=\"about\">{}</p>", escaped(&unchecked));
    }
    page
}

/// The heading of a picture.
fn heading_of_picture(words: &str) -> String {
    format!("<h3>{}</h3>\n", escaped(words))
}

/// All numbers of all arms, with what each kept to.
fn arms(case: &RecoveryCase, terms: &Terms) -> String {
    let mut columns = columns(terms).to_vec();
    columns.retain(|(_, number)| case.arms.iter().any(|arm| number(arm).is_some()));
    let mut headings = vec![terms.r_strategy];
    headings.extend(columns.iter().map(|(heading, _)| *heading));
    headings.push(terms.parameters);
    let row = |arm: &RecoveryArm| {
        let mut row = vec![arm.strategy.clone()];
        row.extend(columns.iter().map(|(_, number)| {
            let Some((unit, Spread { median, least, most })) = number(arm) else { return String::new() };
            let of = |value| written(unit, value, terms);
            let (least, most) = (of(least), of(most));
            if least == most { least } else { format!("{} ({least} .. {most})", of(median)) }
        }));
        row.push(params(&arm.params));
        row
    };
    format!("<div class=\"scroll\">{}</div>\n", table(&headings, case.arms.iter().map(row)))
}

/// What an arm kept to; what has parts stands in brackets.
fn params(params: &Map<String, Value>) -> String {
    let one = |(name, value): (&String, &Value)| match value {
        Value::Object(parts) => format!("{name} ({})", self::params(parts)),
        Value::String(word) => format!("{name} {word}"),
        _ => format!("{name} {value}"),
    };
    params.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The same as the JSON for scripts.
fn raw(recovery: &Recovery, lang: Lang) -> String {
    let heading = in_each(|lang| escaped(knowledge::terms(lang).h_raw));
    let json = serde_json::to_string_pretty(&Found::new(recovery, lang)).unwrap_or_default();
    format!(
        "<section class=\"raw\">\n<details><summary>{heading}</summary>\n<pre>{}</pre></details>\n</section>\n",
        escaped(&in_json(&json))
    )
}
