//! What came of fetching a page, as a waterfall: a row for each stage, its bar at its place in time, how long it took,
//! and what it gave. One scale for everything, so that bars of different requests compare.

mod amount;
mod bar;
mod gave;

pub use amount::{amount, rate};
pub use gave::reason;

use super::visible::{in_ascii, visible};
use super::{Look, wrap};
use crate::failure::Why;
use crate::knowledge::{self, Terms};
use crate::trace::{Fetched, Hop, Stage, StageName};
use bar::Scale;
use gave::{Said, Tone, gave};
use std::time::Duration;

/// Columns of a time, with its unit.
const TIME: usize = 8;

/// The waterfall as text: a block for each request, and a line that sums them up.
pub fn fetched(found: &Fetched, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let page = Page { found, look, terms, columns: Columns::of(look, terms) };
    let mut text = String::new();
    for number in 0..found.hops.len() {
        page.hop(number, &mut text);
    }
    page.total(&mut text);
    text
}

/// The word for a stage.
pub fn stage_name(stage: StageName, terms: &Terms) -> &'static str {
    match stage {
        StageName::Name => terms.stage_name,
        StageName::Connect => terms.stage_connect,
        StageName::Tls => terms.stage_tls,
        StageName::Request => terms.stage_request,
        StageName::FirstByte => terms.stage_first_byte,
        StageName::Body => terms.stage_body,
    }
}

/// How wide each part of a row is.
#[derive(Clone, Copy)]
struct Columns {
    label: usize,
    bar: usize,
    gave: usize,
}

impl Columns {
    fn of(look: &Look, terms: &Terms) -> Self {
        let widest = StageName::ALL.iter().map(|stage| stage_name(*stage, terms).chars().count()).max();
        let label = widest.unwrap_or_default();
        // Two blanks before the label, and after each part but the last.
        let left = look.width.saturating_sub(label + TIME + 8);
        let bar = (left / 3).clamp(8, 48);
        Self { label, bar, gave: left.saturating_sub(bar).max(16) }
    }

    /// The blanks below everything that stands before what a stage gave.
    fn before_gave(self) -> usize {
        self.label + self.bar + TIME + 8
    }
}

struct Page<'a> {
    found: &'a Fetched,
    look: &'a Look,
    terms: &'static Terms,
    columns: Columns,
}

impl Page<'_> {
    fn hop(&self, number: usize, text: &mut String) {
        let hop = &self.found.hops[number];
        self.title(number, hop, text);
        let scale = Scale { width: self.columns.bar, whole: self.whole(), ascii: self.look.ascii };
        for stage in &hop.stages {
            // The way there and back worked; that the answer is no success is said where it came.
            let stage = &Stage { ok: stage.ok || is_status(hop), ..stage.clone() };
            let lines = gave(self.found, number, stage, self.terms);
            self.row(stage, &scale.bar(stage), &lines, text);
        }
        let told = hop.stages.iter().any(|stage| !stage.ok) || is_status(hop);
        if let Some(failure) = hop.failure.as_ref().filter(|_| !told) {
            self.says(&failure.why.to_string(), text);
        }
    }

    /// The URL, which attempt it was, and what came of it.
    fn title(&self, number: usize, hop: &Hop, text: &mut String) {
        let look = self.look;
        let arrow = if number > 0 && hop.attempt == 1 { self.plain("→ ") } else { String::new() };
        let attempt = match hop.attempt {
            0 | 1 => String::new(),
            attempt => format!("  {} {attempt}", self.terms.attempt),
        };
        let answer = match &hop.response {
            Some(response) => self.plain(&gave::status(response)),
            None if hop.failure.is_some() => self.terms.failed.to_owned(),
            None => String::new(),
        };
        let room = look.width.saturating_sub(arrow.len() + attempt.len() + 2 + answer.chars().count());
        let url = look.strong(&self.shortened(&hop.url, room.max(24)));
        let attempt = look.doubtful(&attempt);
        let answer = match hop.response.as_ref().map(|response| response.status) {
            Some(200..=299) if hop.failure.is_none() => look.good(&answer),
            Some(300..=399) => look.doubtful(&answer),
            _ => look.bad(&answer),
        };
        let line = format!("{arrow}{url}{attempt}  {answer}");
        text.push_str(line.trim_end());
        text.push('\n');
    }

    fn row(&self, stage: &Stage, bar: &str, gave: &[Said], text: &mut String) {
        let Columns { label: width, bar: bar_width, .. } = self.columns;
        let label = stage_name(stage.name, self.terms);
        let blanks = " ".repeat(width - label.chars().count());
        let bar_blanks = " ".repeat(bar_width.saturating_sub(bar.chars().count()));
        let bar = if stage.ok { self.look.good(bar) } else { self.look.bad(bar) };
        let took = took(stage.took);
        let mut lines = gave.iter().flat_map(|said| self.painted(said, self.columns.gave));
        let first = lines.next().unwrap_or_default();
        let row = format!("  {}{blanks}  {bar}{bar_blanks}  {took:>TIME$}  {first}", self.look.strong(label));
        text.push_str(row.trim_end());
        text.push('\n');
        for line in lines {
            text.push_str(&" ".repeat(self.columns.before_gave()));
            text.push_str(&line);
            text.push('\n');
        }
    }

    /// A failure that no stage has.
    fn says(&self, failure: &str, text: &mut String) {
        for line in self.painted(&Said::failed(failure), self.look.width.saturating_sub(2)) {
            text.extend(["  ", &line, "\n"]);
        }
    }

    /// `12.4 ms in all, 1256 bytes, requests: 2`
    fn total(&self, text: &mut String) {
        let (found, terms) = (self.found, self.terms);
        let told = found.hops.last().is_some_and(|hop| hop.failure.is_some());
        if let Some(failure) = found.failure.as_ref().filter(|_| !told) {
            self.says(&failure.why.to_string(), text);
        }
        let mut parts = vec![format!("{} {}", took(found.seconds), terms.in_all)];
        if let Some(body) = &found.body {
            parts.push(amount(body.bytes_received, terms));
        }
        if found.hops.len() > 1 {
            let again = found.hops.iter().filter(|hop| hop.attempt > 1).count();
            let redirected = found.hops.len() - 1 - again;
            for (word, number) in [(terms.redirections, redirected), (terms.repetitions, again)] {
                if number > 0 {
                    parts.push(format!("{word}: {number}"));
                }
            }
        }
        let line = self.plain(&parts.join(", "));
        let line = if found.ok { self.look.faint(&line) } else { self.look.bad(&line) };
        text.extend(["  ", &line, "\n"]);
    }

    /// The lines of what was said, in its colour.
    fn painted(&self, said: &Said, width: usize) -> Vec<String> {
        let mark = match (said.tone, self.look.ascii) {
            (Tone::Failed, false) => "✗ ",
            (Tone::Failed, true) => "x ",
            _ => "",
        };
        let lines = wrap(&format!("{mark}{}", self.plain(&said.text)), width);
        let paint = |line: String| match said.tone {
            Tone::Plain => line,
            Tone::Failed => self.look.bad(&line),
            Tone::Doubtful => self.look.doubtful(&line),
        };
        lines.into_iter().map(paint).collect()
    }

    /// A text of others, made harmless, in what the terminal can show.
    fn plain(&self, text: &str) -> String {
        let text = visible(text);
        if self.look.ascii { in_ascii(&text) } else { text }
    }

    /// The same, with its middle left out where it is too long.
    fn shortened(&self, text: &str, room: usize) -> String {
        let text = self.plain(text);
        let letters: Vec<char> = text.chars().collect();
        if letters.len() <= room {
            return text;
        }
        let gap = self.plain("…");
        let kept = room.saturating_sub(gap.len());
        let tail = kept / 3;
        let head: String = letters[..kept - tail].iter().collect();
        let tail: String = letters[letters.len() - tail..].iter().collect();
        format!("{head}{gap}{tail}")
    }

    /// The time that the whole width stands for.
    fn whole(&self) -> Duration {
        let ends = self.found.hops.iter().flat_map(|hop| &hop.stages).map(|stage| stage.at + stage.took);
        ends.max().unwrap_or_default()
    }
}

/// Whether the title says already why a request failed.
fn is_status(hop: &Hop) -> bool {
    hop.failure.as_ref().is_some_and(|failure| matches!(failure.why, Why::Status { .. }))
}

/// A time as it is read at a glance: three digits, more or less.
fn took(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    match milliseconds {
        ..1.0 => format!("{milliseconds:.2} ms"),
        ..10.0 => format!("{milliseconds:.1} ms"),
        ..10_000.0 => format!("{milliseconds:.0} ms"),
        _ => format!("{:.1} s", milliseconds / 1e3),
    }
}
