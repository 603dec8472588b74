//! Text with labels at the left and wrapped lines beside them; and a verdict with its proof in that form.

use super::visible::visible;
use super::{Look, wrap};
use crate::knowledge::{self, Terms};
use crate::trace::{Arm, Because, Check, Confidence, Event, Evidence, Fact, Unseen, Verdict};
use std::time::Duration;

/// Columns of the labels at the left.
const LABEL: usize = 11;

/// A text under way: labels at the left, wrapped text beside them.
pub(super) struct Block<'a> {
    look: &'a Look,
    terms: &'static Terms,
    /// What is there already.
    pub(super) text: String,
}

/// What a verdict points at.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) events: &'a [Event],
    pub(super) evidence: &'a [Evidence],
}

impl<'a> Block<'a> {
    /// A text that begins with `title`.
    pub(super) fn new(title: String, look: &'a Look) -> Self {
        Self { look, terms: knowledge::terms(look.lang), text: title }
    }

    /// A label and the lines beside it, which may have colours.
    pub(super) fn row(&mut self, label: &str, lines: &[String]) {
        for (position, line) in lines.iter().enumerate() {
            let label = if position == 0 { label } else { "" };
            let blanks = " ".repeat(LABEL.saturating_sub(label.chars().count()));
            let row = format!("  {}{blanks}{line}", self.look.strong(label));
            self.text.push_str(row.trim_end());
            self.text.push('\n');
        }
    }

    pub(super) fn say(&mut self, label: &str, text: &str) {
        let lines = self.wrapped(text);
        self.row(label, &lines);
    }

    /// The same, each line in its colour.
    pub(super) fn say_in(&mut self, label: &str, text: &str, paint: impl Fn(&str) -> String) {
        let lines: Vec<String> = self.wrapped(text).iter().map(|line| paint(line)).collect();
        self.row(label, &lines);
    }

    fn wrapped(&self, text: &str) -> Vec<String> {
        wrap(text, self.look.width.saturating_sub(LABEL + 2))
    }

    /// What a program got, and what stood in its way.
    pub(super) fn arm(&mut self, label: &str, arm: &Arm) {
        let terms = self.terms;
        let took = milliseconds(arm.seconds);
        let said = match (&arm.result, &arm.failure) {
            (Some(result), _) if arm.attempts > 1 => {
                format!("{result} ({} {}, {took})", terms.attempt, arm.attempts)
            }
            (Some(result), _) => format!("{result} ({took})"),
            (None, Some(failure)) => format!("{failure} ({took})"),
            (None, None) => took,
        };
        let paint = |line: &String| if arm.ok { self.look.good(line) } else { self.look.bad(line) };
        let lines: Vec<String> = self.wrapped(&said).iter().map(paint).collect();
        self.row(label, &lines);
    }

    pub(super) fn verdict(&mut self, verdict: &Verdict, record: Record) {
        let terms = self.terms;
        let fault = verdict.fault.map_or(terms.no_verdict, |fault| fault.id());
        let confidence = match verdict.confidence {
            Confidence::Proved => terms.proved,
            Confidence::Consistent => terms.consistent,
            Confidence::Unknown => terms.unknown,
        };
        let proof = Proof::of(verdict, record);
        self.row(terms.verdict, &[format!("{}, {confidence}", self.look.strong(fault))]);
        for (number, line) in proof.lines.iter().enumerate() {
            let lines = self.wrapped(&format!("[{}] {line}", number + 1));
            self.row(if number == 0 { terms.because } else { "" }, &lines);
        }
        let ruled_out: Vec<String> = verdict
            .ruled_out
            .iter()
            .map(|other| format!("{} [{}]", other.fault, proof.number_of(other.by, record)))
            .collect();
        if !ruled_out.is_empty() {
            self.say(terms.ruled_out, &ruled_out.join(", "));
        }
        for (position, unseen) in verdict.unseen.iter().enumerate() {
            self.say(if position == 0 { terms.unseen } else { "" }, unseen_in_words(*unseen, terms));
        }
    }

    pub(super) fn check(&mut self, words: &str, check: &Check) {
        let terms = self.terms;
        let line = format!("{words}: {}", check.got);
        let line = if check.passed { line } else { format!("{line} ({} {})", terms.wanted, check.want) };
        let mark = if check.passed { self.look.good("✓") } else { self.look.bad("✗") };
        let mut lines = self.wrapped(&format!("  {line}"));
        if let Some(first) = lines.first_mut() {
            *first = format!("{mark} {}", first.trim_start());
        }
        self.row("", &lines);
    }
}

pub(super) fn unseen_in_words(unseen: Unseen, terms: &Terms) -> &'static str {
    match unseen {
        Unseen::OtherUsersProcesses => terms.unseen_other_users_processes,
        Unseen::HolderOptions => terms.unseen_holder_options,
        Unseen::RemoteHost => terms.unseen_remote_host,
        Unseen::PacketFilter => terms.unseen_packet_filter,
        Unseen::SocketTable => terms.unseen_socket_table,
    }
}

/// What supports a verdict, each thing once: readings before and after a call often say the same.
pub(super) struct Proof {
    pub(super) lines: Vec<String>,
}

impl Proof {
    pub(super) fn of(verdict: &Verdict, record: Record) -> Self {
        let mut lines: Vec<String> = Vec::new();
        let by = verdict.ruled_out.iter().map(|other| other.by);
        for cause in verdict.because.iter().copied().chain(by) {
            let line = quoted(cause, record);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        Self { lines }
    }

    pub(super) fn number_of(&self, cause: Because, record: Record) -> usize {
        let wanted = quoted(cause, record);
        self.lines.iter().position(|line| *line == wanted).map_or(0, |position| position + 1)
    }
}

fn quoted(cause: Because, record: Record) -> String {
    let quote = match cause {
        Because::Event(seq) => record.events.get(seq).map(|event| visible(&event.to_string())),
        Because::Evidence(position) => record.evidence.get(position).map(a_row_a_line),
    };
    quote.unwrap_or_default()
}

/// Evidence as it says itself; of several sockets each has a line of its own.
fn a_row_a_line(evidence: &Evidence) -> String {
    match &evidence.fact {
        Fact::Sockets { protocol, port, rows } if rows.len() > 1 => {
            let mut lines = vec![format!("{}: {protocol} sockets on port {port}:", evidence.source)];
            lines.extend(rows.iter().map(|row| format!("    {row}")));
            lines.join("\n")
        }
        _ => visible(&evidence.to_string()),
    }
}

pub(super) fn milliseconds(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1e3;
    if milliseconds < 10.0 { format!("{milliseconds:.1} ms") } else { format!("{milliseconds:.0} ms") }
}
