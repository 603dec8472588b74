//! What happened to each fault, as text: the stage, the naive program, the verdict with its proof, the recovery.

use super::{Look, wrap};
use crate::knowledge::{self, Terms};
use crate::trace::{Arm, Because, Check, Confidence, Evidence, Fact, Outcome, Status, Unseen, Verdict};
use serde::Serialize;
use std::time::Duration;

/// Columns of the labels at the left.
const LABEL: usize = 11;

/// For scripts: `{"outcomes":[…]}`.
#[derive(Serialize)]
pub struct Outcomes<'a> {
    /// In the order in which they were asked for.
    pub outcomes: &'a [Outcome],
}

/// Every outcome, and a line that sums them up.
pub fn outcomes(outcomes: &[Outcome], look: &Look) -> String {
    let mut text: String = outcomes.iter().map(|outcome| one(outcome, look) + "\n").collect();
    text += &summary(outcomes, look);
    text
}

fn one(outcome: &Outcome, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let lesson = knowledge::lesson(outcome.fault, look.lang);
    let mut block = Block { look, text: title(outcome, look, terms) };
    if let Some(lesson) = lesson {
        block.say(terms.stage, lesson.stage);
    }
    if let Some(naive) = &outcome.naive {
        block.arm(terms.naive, naive, terms);
        block.say("", lesson.map_or("", |lesson| lesson.naive));
    }
    if let Some(verdict) = &outcome.verdict {
        block.verdict(verdict, outcome, terms);
    }
    if let Some(hardened) = &outcome.hardened {
        block.arm(terms.recovery, hardened, terms);
        block.say("", lesson.map_or("", |lesson| lesson.recovery));
    }
    for check in &outcome.checks {
        block.check(lesson.and_then(|lesson| lesson.check(&check.name)).unwrap_or(&check.name), check, terms);
    }
    if let Some(reason) = &outcome.reason {
        block.say(if outcome.status == Status::Unsupported { terms.needs } else { terms.broke }, reason);
    }
    block.row(terms.more, &[look.command(&format!("netfault explain {}", outcome.fault))]);
    block.text
}

fn title(outcome: &Outcome, look: &Look, terms: &Terms) -> String {
    let status = match outcome.status {
        Status::Reproduced => look.good(terms.reproduced),
        Status::Failed => look.bad(terms.failed),
        Status::Unsupported => look.doubtful(terms.unsupported),
    };
    let seconds = look.faint(&format!("{:.2} s", outcome.seconds.as_secs_f64()));
    format!("{}  {status}  {seconds}\n", look.strong(outcome.fault.id()))
}

fn summary(outcomes: &[Outcome], look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let count = |status| outcomes.iter().filter(|outcome| outcome.status == status).count();
    let mut parts = vec![format!("{} {}", count(Status::Reproduced), terms.reproduced)];
    for (status, word) in [(Status::Failed, terms.failed), (Status::Unsupported, terms.unsupported)] {
        if count(status) > 0 {
            parts.push(format!("{} {word}", count(status)));
        }
    }
    let all_well = count(Status::Reproduced) == outcomes.len();
    let line = parts.join(", ");
    if all_well { look.good(&line) + "\n" } else { look.bad(&line) + "\n" }
}

/// The text of one outcome under way: labels at the left, wrapped text beside them.
struct Block<'a> {
    look: &'a Look,
    text: String,
}

impl Block<'_> {
    /// A label and the lines beside it, which may have colours.
    fn row(&mut self, label: &str, lines: &[String]) {
        for (position, line) in lines.iter().enumerate() {
            let label = if position == 0 { label } else { "" };
            let blanks = " ".repeat(LABEL.saturating_sub(label.chars().count()));
            let row = format!("  {}{blanks}{line}", self.look.strong(label));
            self.text.push_str(row.trim_end());
            self.text.push('\n');
        }
    }

    fn say(&mut self, label: &str, text: &str) {
        let lines = self.wrapped(text);
        self.row(label, &lines);
    }

    fn wrapped(&self, text: &str) -> Vec<String> {
        wrap(text, self.look.width.saturating_sub(LABEL + 2))
    }

    /// What a program got, and what stood in its way.
    fn arm(&mut self, label: &str, arm: &Arm, terms: &Terms) {
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

    fn verdict(&mut self, verdict: &Verdict, outcome: &Outcome, terms: &Terms) {
        let fault = verdict.fault.map_or(terms.no_verdict, |fault| fault.id());
        let confidence = match verdict.confidence {
            Confidence::Proved => terms.proved,
            Confidence::Consistent => terms.consistent,
            Confidence::Unknown => terms.unknown,
        };
        let proof = Proof::of(verdict, outcome);
        self.row(terms.verdict, &[format!("{}, {confidence}", self.look.strong(fault))]);
        for (number, line) in proof.lines.iter().enumerate() {
            let lines = self.wrapped(&format!("[{}] {line}", number + 1));
            self.row(if number == 0 { terms.because } else { "" }, &lines);
        }
        let ruled_out: Vec<String> = verdict
            .ruled_out
            .iter()
            .map(|other| format!("{} [{}]", other.fault, proof.number_of(other.by, outcome)))
            .collect();
        if !ruled_out.is_empty() {
            self.say(terms.ruled_out, &ruled_out.join(", "));
        }
        for (position, unseen) in verdict.unseen.iter().enumerate() {
            self.say(if position == 0 { terms.unseen } else { "" }, unseen_in_words(*unseen, terms));
        }
    }

    fn check(&mut self, words: &str, check: &Check, terms: &Terms) {
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

fn unseen_in_words(unseen: Unseen, terms: &Terms) -> &'static str {
    match unseen {
        Unseen::OtherUsersProcesses => terms.unseen_other_users_processes,
        Unseen::HolderOptions => terms.unseen_holder_options,
        Unseen::RemoteHost => terms.unseen_remote_host,
        Unseen::PacketFilter => terms.unseen_packet_filter,
        Unseen::SocketTable => terms.unseen_socket_table,
    }
}

/// What supports a verdict, each thing once: readings before and after a call often say the same.
struct Proof {
    lines: Vec<String>,
}

impl Proof {
    fn of(verdict: &Verdict, outcome: &Outcome) -> Self {
        let mut lines: Vec<String> = Vec::new();
        let by = verdict.ruled_out.iter().map(|other| other.by);
        for cause in verdict.because.iter().copied().chain(by) {
            let line = quoted(cause, outcome);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        Self { lines }
    }

    fn number_of(&self, cause: Because, outcome: &Outcome) -> usize {
        let wanted = quoted(cause, outcome);
        self.lines.iter().position(|line| *line == wanted).map_or(0, |position| position + 1)
    }
}

fn quoted(cause: Because, outcome: &Outcome) -> String {
    let quote = match cause {
        Because::Event(seq) => outcome.events.get(seq).map(ToString::to_string),
        Because::Evidence(position) => outcome.evidence.get(position).map(a_row_a_line),
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
        _ => evidence.to_string(),
    }
}

fn milliseconds(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1e3;
    if milliseconds < 10.0 { format!("{milliseconds:.1} ms") } else { format!("{milliseconds:.0} ms") }
}
