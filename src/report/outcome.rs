//! What happened to each fault, as text: the stage, the naive program, the verdict with its proof, the recovery.

use super::Look;
use super::block::{Block, Record};
use crate::knowledge::{self, Terms};
use crate::trace::{Outcome, Status};
use serde::Serialize;

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
    let mut block = Block::new(title(outcome, look, terms), look);
    if let Some(lesson) = lesson {
        block.say(terms.stage, lesson.stage);
    }
    if let Some(naive) = &outcome.naive {
        block.arm(terms.naive, naive);
        block.say("", lesson.map_or("", |lesson| lesson.naive));
    }
    if let Some(verdict) = &outcome.verdict {
        block.verdict(verdict, Record { events: &outcome.events, evidence: &outcome.evidence });
    }
    if let Some(hardened) = &outcome.hardened {
        block.arm(terms.recovery, hardened);
        block.say("", lesson.map_or("", |lesson| lesson.recovery));
    }
    for check in &outcome.checks {
        block.check(lesson.and_then(|lesson| lesson.check(&check.name)).unwrap_or(&check.name), check);
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
