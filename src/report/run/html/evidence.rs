//! What proves the verdicts: each failure with its errno, number and message, what points at its cause, what it cannot
//! be; and everything that was read from the live system.

use super::{heading, table, verdict};
use crate::failure::Why;
use crate::knowledge::{self, Terms};
use crate::lang::Lang;
use crate::report::block::{Proof, Record, unseen_in_words};
use crate::report::run::words;
use crate::report::web::escaped;
use crate::trace::{Judged, Run};
use std::fmt::Write;

/// Failures that are listed; of more the first.
const FAILURES: usize = 40;
/// Verdicts whose proof is shown.
const VERDICTS: usize = 6;

/// The section; nothing when nothing failed and nothing was read.
pub(super) fn html(run: &Run, lang: Lang) -> String {
    let terms = knowledge::terms(lang);
    let content = verdicts(run, lang, terms) + &failures(run, terms) + &read(run, terms);
    if content.is_empty() { content } else { heading(terms.h_evidence) + &content }
}

fn verdicts(run: &Run, lang: Lang, terms: &Terms) -> String {
    let distinct = words::distinct_verdicts(run);
    distinct.iter().take(VERDICTS).map(|(judged, _)| proof(run, judged, lang, terms)).collect()
}

fn proof(run: &Run, judged: &Judged, lang: Lang, terms: &Terms) -> String {
    let record = Record { events: &run.events, evidence: &run.evidence };
    let proof = Proof::of(&judged.verdict, record);
    let fault = judged.verdict.fault.map_or_else(
        || escaped(terms.no_verdict),
        |fault| {
            format!(
                "<a href=\"#{fault}\">{fault}</a> ({})",
                escaped(knowledge::fault(fault).text(lang).title)
            )
        },
    );
    let mut said = format!(
        "<h3>{}: {fault}, {}</h3>\n",
        escaped(&judged.of),
        escaped(verdict::confidence(judged.verdict.confidence, terms))
    );
    said += "<ol class=\"quotes\">";
    for line in &proof.lines {
        let _ = write!(said, "<li>{}</li>", escaped(line));
    }
    said += "</ol>\n";
    let ruled_out = judged.verdict.ruled_out.iter();
    let ruled_out: Vec<String> =
        ruled_out.map(|other| format!("{} [{}]", other.fault, proof.number_of(other.by, record))).collect();
    if !ruled_out.is_empty() {
        let _ = writeln!(said, "<p>{}: {}</p>", escaped(terms.ruled_out), escaped(&ruled_out.join(", ")));
    }
    for unseen in &judged.verdict.unseen {
        let _ =
            writeln!(said, "<p>{}: {}</p>", escaped(terms.unseen), escaped(unseen_in_words(*unseen, terms)));
    }
    said
}

/// Every failed call, with the system's own name, number and message.
fn failures(run: &Run, terms: &Terms) -> String {
    let count = words::failures(run).count();
    if count == 0 {
        return String::new();
    }
    let rows = words::failures(run).take(FAILURES).map(|(event, failure)| {
        let (name, message) = match &failure.why {
            Why::Errno(errno) => (format!("{} ({})", errno.name, errno.code), errno.message.clone()),
            _ => (String::new(), words::without_its_call(failure)),
        };
        let (call, took) = (failure.call.to_string(), words::length(failure.elapsed));
        vec![words::at(event.at), event.actor.clone(), call, name, message, took]
    });
    let more = count.saturating_sub(FAILURES);
    let more =
        if more > 0 { format!("<p>… {more} {}</p>\n", escaped(terms.others)) } else { String::new() };
    let headings = [terms.time, terms.who, terms.call, "errno", terms.message, terms.after];
    format!(
        "<h3>{}</h3>\n<div class=\"wide\">{}</div>{more}",
        escaped(terms.failures),
        table(&headings, rows)
    )
}

/// Everything that was read, in order.
fn read(run: &Run, terms: &Terms) -> String {
    if run.evidence.is_empty() {
        return String::new();
    }
    let rows =
        run.evidence.iter().map(|one| vec![words::at(one.at), one.source.to_string(), one.fact.to_string()]);
    format!("<h3>{}</h3>\n{}", escaped(terms.read_live), table(&[terms.time, terms.source, terms.fact], rows))
}
