//! How a run ended: a sign, a word, a sentence; and what the rules make of its failures.

use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::run::words;
use crate::report::web::{escaped, marked};
use crate::trace::{Run, RunStatus};
use std::fmt::Write;

/// Verdicts that are part of the sentence.
const VERDICTS: usize = 3;

/// The head of a run.
pub(super) fn html(run: &Run, lang: Lang) -> String {
    let terms = knowledge::terms(lang);
    let told = run.header.scenario.as_ref();
    let title = told.map_or("", |told| told.title.text(lang));
    let mut head = format!(
        "<h1>{} {} <small>{}</small></h1>\n<p class=\"sentence\">{}</p>\n",
        badge(run, terms),
        escaped(words::name(run)),
        escaped(title),
        escaped(&sentence(run, terms))
    );
    if let Some(reason) = words::reason(run, lang) {
        let _ = writeln!(head, "<p>{}</p>", escaped(reason));
    }
    for (judged, times) in words::distinct_verdicts(run).iter().take(VERDICTS) {
        let Some(fault) = judged.verdict.fault else { continue };
        let times = if *times > 1 { format!(" ({times} {})", terms.times) } else { String::new() };
        let _ = writeln!(
            head,
            "<p class=\"finding\"><b>{}</b>: <a href=\"#{fault}\">{fault}</a>, {}{times}: {}.</p>",
            escaped(&judged.of),
            escaped(confidence(judged.verdict.confidence, terms)),
            escaped(knowledge::fault(fault).text(lang).title),
        );
    }
    if let Some(told) = told {
        let _ = writeln!(head, "<p class=\"about\">{}</p>", marked(told.text.text(lang)));
    }
    head
}

/// The status as a sign and a word.
pub(super) fn badge(run: &Run, terms: &'static Terms) -> String {
    let (class, sign) = match words::status(run) {
        Some(RunStatus::Passed) => ("good", "✓"),
        Some(RunStatus::Failed) => ("bad", "✗"),
        Some(RunStatus::Error) => ("bad", "!"),
        Some(RunStatus::Unsupported) => ("doubt", "–"),
        None if words::is_cut_off(run) => ("doubt", "…"),
        None => ("plain", "·"),
    };
    let word = escaped(words::status_word(run, terms));
    format!("<span class=\"badge {class}\"><span aria-hidden=\"true\">{sign}</span> {word}</span>")
}

/// How sure a verdict is, in words.
pub(super) fn confidence(confidence: crate::trace::Confidence, terms: &Terms) -> &'static str {
    use crate::trace::Confidence;
    match confidence {
        Confidence::Proved => terms.proved,
        Confidence::Consistent => terms.consistent,
        Confidence::Unknown => terms.unknown,
    }
}

fn sentence(run: &Run, terms: &Terms) -> String {
    let took = words::length(words::took(run));
    let all = run.checks.len();
    let not_met = run.checks.iter().filter(|checked| checked.passed == Some(false)).count();
    let untold = run.checks.iter().filter(|checked| checked.passed.is_none()).count();
    let points = run.points().map(|points| format!(" {}/{} {}.", points.got, points.of, terms.points));
    let mut said = match words::status(run) {
        None if words::is_cut_off(run) => terms.was_cut_off.to_owned(),
        None => format!("{} {}, {took}. {}", run.events.len(), terms.events, terms.nothing_expected),
        Some(RunStatus::Error) => terms.set_up_broke.to_owned(),
        Some(RunStatus::Unsupported) if all == 0 => terms.cannot_run.to_owned(),
        Some(_) if not_met > 0 => format!("{not_met} {} {all} {} ({took}).", terms.of, terms.not_met),
        Some(_) if untold > 0 => format!("{untold} {} {all} {} ({took}).", terms.of, terms.not_told),
        Some(_) => format!("{} {} {all} {} ({took}).", all, terms.of, terms.met),
    };
    said += points.as_deref().unwrap_or_default();
    said
}
