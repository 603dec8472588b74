//! A lesson: its failure, its choices, what came of each, and the course's own answer reviewed. Text for people, in
//! parts, because a lesson may be a conversation.

mod json;

pub use json::Lesson;

use super::block::{Block, milliseconds};
use super::{Look, wrap};
use crate::failure::Failure;
use crate::knowledge::{self, Holds, Part, Point, Terms, Walk};
use crate::trace::{Came, Confidence, Effect};
use std::fmt::Write;

/// What happened, and how the stage was set.
pub fn opening(walk: &Walk, failure: &Failure, look: &Look) -> String {
    let mut text = look.strong(walk.title) + "\n\n" + &paragraph(walk.intro, look) + "\n";
    for line in wrap(&failure.to_string(), look.width.saturating_sub(2)) {
        let _ = writeln!(text, "  {}", look.bad(&line));
    }
    text
}

/// What can be done, numbered as it is asked for.
pub fn question(walk: &Walk, look: &Look) -> String {
    let mut text = String::from("\n") + &paragraph(walk.question, look);
    for (position, choice) in walk.choices.iter().enumerate() {
        text += &hanging(&format!("  {}  ", position + 1), choice.label, look);
    }
    text
}

/// What an answer may be.
pub fn prompt(walk: &Walk, look: &Look) -> String {
    let all = knowledge::terms(look.lang).lesson_prompt;
    format!("\n{} ", look.strong(&all.replace("{number}", &walk.choices.len().to_string())))
}

/// That an answer was none, and what would be one.
pub fn no_answer(given: &str, walk: &Walk, look: &Look) -> String {
    let said = knowledge::terms(look.lang).lesson_no_answer;
    let said = said.replace("{number}", &walk.choices.len().to_string());
    let said = said.replace("{given}", &super::one_line(given, false));
    paragraph(&said, look)
}

/// What came of a choice, and what that teaches.
pub fn effect(walk: &Walk, effect: &Effect, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let Some(choice) = walk.choice(effect.choice) else { return String::new() };
    let number = walk.choices.iter().position(|one| one.choice == effect.choice).map_or(0, |at| at + 1);
    let mut heading = hanging(&format!("{number}  "), choice.label, look);
    heading = heading.lines().map(|line| look.strong(line) + "\n").collect();
    let mut block = Block::new(String::from("\n") + &heading, look);
    match &effect.reason {
        Some(reason) => {
            let label = if effect.came == Came::Unsupported { terms.needs } else { terms.broke };
            block.say(label, reason);
        }
        None => measured(&mut block, effect, terms, look),
    }
    if effect.came == Came::Otherwise {
        block.say_in("", terms.lesson_effect_differs, |line| look.bad(line));
    }
    if effect.came != Came::Unsupported {
        block.say(terms.lesson_teaches, choice.teaches);
    }
    block.text
}

/// The numbers, and what they are numbers of.
fn measured(block: &mut Block, effect: &Effect, terms: &Terms, look: &Look) {
    let word = if effect.succeeded { terms.lesson_works } else { terms.lesson_fails };
    let got = match (&effect.result, &effect.failure) {
        (Some(result), _) if effect.succeeded => {
            format!("{word}: {}", super::one_line(result.trim_end(), false))
        }
        (_, Some(failure)) => format!("{word}: {failure}"),
        _ => word.to_owned(),
    };
    block.say_in(
        terms.lesson_effect,
        &got,
        |line| if effect.succeeded { look.good(line) } else { look.bad(line) },
    );
    let mut numbers = vec![format!("{} {}", terms.lesson_attempts, effect.attempts)];
    numbers.push(format!("{} {}", terms.lesson_took, milliseconds(effect.took)));
    if let Some(times) = effect.carried_out {
        numbers.push(format!("{} {times}", terms.lesson_carried_out));
    }
    block.say("", &numbers.join("; "));
    if let Some(verdict) = &effect.verdict {
        let confidence = match verdict.confidence {
            Confidence::Proved => terms.proved,
            Confidence::Consistent => terms.consistent,
            Confidence::Unknown => terms.unknown,
        };
        let fault = verdict.fault.map_or(terms.no_verdict, |fault| fault.id());
        block.say(terms.verdict, &format!("{fault}, {confidence}"));
    }
}

/// The course's own answer, and what to take home.
pub fn review(walk: &Walk, look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let mut text = format!("\n{}\n", look.strong(terms.lesson_course_says));
    for point in walk.points {
        text += &reviewed(point, terms, look);
    }
    text + &format!("\n{}\n", look.strong(terms.lesson_summary)) + &paragraph(walk.summary, look)
}

fn reviewed(point: &Point, terms: &Terms, look: &Look) -> String {
    let part = match point.part {
        Part::Cause => terms.lesson_cause,
        Part::Handling => terms.lesson_handling,
    };
    let holds = match point.holds {
        Holds::Yes => look.good(terms.lesson_holds),
        Holds::Partly => look.doubtful(terms.lesson_holds_partly),
        Holds::No => look.bad(terms.lesson_holds_not),
    };
    let mut block = Block::new(String::from("\n"), look);
    block.say(part, &format!("\"{}\"", point.said));
    block.row("", &[holds]);
    block.say("", &format!("{} {}", terms.lesson_leaves_out, point.leaves_out));
    block.text
}

fn paragraph(text: &str, look: &Look) -> String {
    wrap(text, look.width).join("\n") + "\n"
}

/// `text` beside `label`, its other lines below its first.
fn hanging(label: &str, text: &str, look: &Look) -> String {
    let indent = " ".repeat(label.len());
    let lines = wrap(text, look.width.saturating_sub(label.len()));
    let beside = |(position, line): (usize, &String)| {
        format!("{}{line}\n", if position == 0 { label } else { &indent })
    };
    lines.iter().enumerate().map(beside).collect()
}
