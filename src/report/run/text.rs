//! Runs for the terminal: one line for each that passed; of the others what was expected and what was seen, the events
//! that show it, the verdict with its proof, and the command that plays it again.

use super::words;
use crate::knowledge::{self, Terms};
use crate::report::block::{Block, Record};
use crate::report::visible::visible;
use crate::report::{Look, wrap};
use crate::trace::{Checked, Judged, Run, RunStatus};
use std::fmt::Write;

/// Events that are quoted for one expectation, and failures of a trace that expects nothing.
const QUOTES: usize = 6;

/// Verdicts that are told of one run.
const VERDICTS: usize = 4;

/// Every run, and a line that sums them up.
pub fn text(runs: &[Run], look: &Look) -> String {
    let text: String = runs.iter().map(|run| one(run, look)).collect();
    text + &summary(runs, look)
}

fn one(run: &Run, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let mut block = Block::new(title(run, look, terms), look);
    if words::status(run) == Some(RunStatus::Passed) {
        return block.text;
    }
    if let Some(told) = &run.header.scenario {
        for line in wrap(&visible(told.title.text(look.lang)), look.width.saturating_sub(2)) {
            let _ = writeln!(block.text, "  {line}");
        }
    }
    if let Some(reason) = words::reason(run, look.lang) {
        let needs = words::status(run) == Some(RunStatus::Unsupported);
        block.say(if needs { terms.needs } else { terms.broke }, &visible(reason));
    }
    if words::is_cut_off(run) {
        for line in wrap(terms.was_cut_off, look.width.saturating_sub(2)) {
            let _ = writeln!(block.text, "  {line}");
        }
    }
    for checked in &run.checks {
        check(&mut block, run, checked, look);
    }
    if run.header.scenario.is_none() {
        failures(&mut block, run, terms);
    }
    let verdicts = words::distinct_verdicts(run);
    for (judged, times) in verdicts.iter().take(VERDICTS) {
        verdict(&mut block, run, judged, *times, look);
    }
    if let Some(end) = &run.end {
        block.row(terms.replay, &[look.command(&visible(&end.replay))]);
    }
    block.text + "\n"
}

fn title(run: &Run, look: &Look, terms: &'static Terms) -> String {
    let (sign, word) = (sign(words::status(run), look), words::status_word(run, terms));
    let word = match words::status(run) {
        Some(RunStatus::Passed) => look.good(word),
        Some(RunStatus::Failed | RunStatus::Error) => look.bad(word),
        _ => look.doubtful(word),
    };
    let seconds = look.faint(&format!("{:.2} s", words::took(run).as_secs_f64()));
    let points = run.points().map(|points| format!("  {}/{} {}", points.got, points.of, terms.points));
    format!(
        "{sign} {}  {word}  {seconds}{}\n",
        look.strong(&visible(words::name(run))),
        points.unwrap_or_default()
    )
}

fn sign(status: Option<RunStatus>, look: &Look) -> String {
    match (status, look.ascii) {
        (Some(RunStatus::Passed), false) => look.good("✓"),
        (Some(RunStatus::Passed), true) => look.good("+"),
        (Some(RunStatus::Failed | RunStatus::Error), false) => look.bad("✗"),
        (Some(RunStatus::Failed | RunStatus::Error), true) => look.bad("x"),
        (_, false) => look.doubtful("–"),
        (_, true) => look.doubtful("-"),
    }
}

/// A met expectation in a line, one that was not with all that helps.
fn check(block: &mut Block, run: &Run, checked: &Checked, look: &Look) {
    let terms = knowledge::terms(look.lang);
    let status = match checked.passed {
        Some(true) => RunStatus::Passed,
        Some(false) => RunStatus::Failed,
        None => RunStatus::Unsupported,
    };
    let points = checked.points.map(|points| format!(" ({}: {points})", terms.points)).unwrap_or_default();
    let name = visible(checked.name.text(look.lang));
    for (number, line) in wrap(&format!("{name}{points}"), look.width.saturating_sub(4)).iter().enumerate() {
        let sign = if number == 0 { sign(Some(status), look) } else { " ".to_owned() };
        let _ = writeln!(block.text, "  {sign} {line}");
    }
    if checked.passed == Some(true) {
        return;
    }
    block.say(terms.want, &visible(&checked.want));
    block.say(terms.got, &visible(&checked.got));
    if let Some(hint) = &checked.hint {
        block.say(terms.hint, &visible(hint.text(look.lang)));
    }
    let quotes: Vec<String> = checked.because.iter().filter_map(|seq| words::quoted(run, *seq)).collect();
    quote(block, &quotes, terms);
}

/// What went wrong in a trace that expects nothing.
fn failures(block: &mut Block, run: &Run, terms: &'static Terms) {
    block.say("", &format!("{} {}", run.events.len(), terms.events));
    let failed: Vec<String> =
        words::failures(run).filter_map(|(event, _)| words::quoted(run, event.seq)).collect();
    quote(block, &failed, terms);
}

fn quote(block: &mut Block, quotes: &[String], terms: &'static Terms) {
    for (number, line) in quotes.iter().take(QUOTES).enumerate() {
        block.say(if number == 0 { terms.shown_by } else { "" }, &visible(line));
    }
    if quotes.len() > QUOTES {
        block.say("", &format!("… {} {}", quotes.len() - QUOTES, terms.others));
    }
}

fn verdict(block: &mut Block, run: &Run, judged: &Judged, times: usize, look: &Look) {
    let terms = knowledge::terms(look.lang);
    if let Some(quote) = words::quoted(run, judged.event) {
        let times = if times > 1 { format!(" ({times} {})", terms.times) } else { String::new() };
        block.say(terms.failure, &(visible(&quote) + &times));
    }
    block.verdict(&judged.verdict, Record { events: &run.events, evidence: &run.evidence });
    if let Some(fault) = judged.verdict.fault {
        block.row(terms.more, &[look.command(&format!("netfault explain {fault}"))]);
    }
}

/// How many ended how. Traces of programs on their own are not counted: nothing was expected of them.
fn summary(runs: &[Run], look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let count = |status| runs.iter().filter(|run| words::status(run) == status).count();
    let counted = [
        (count(Some(RunStatus::Passed)), terms.passed),
        (count(Some(RunStatus::Failed)), terms.failed),
        (count(Some(RunStatus::Error)), terms.error),
        (count(Some(RunStatus::Unsupported)), terms.unsupported),
        (runs.iter().filter(|run| words::is_cut_off(run)).count(), terms.cut_off),
    ];
    let parts: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    let line = parts.join(", ");
    (if counted[0].0 == runs.len() { look.good(&line) } else { look.bad(&line) }) + "\n"
}
