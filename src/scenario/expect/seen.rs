//! What was recorded of one program or one link.

use super::found::duration;
use crate::scenario::model::{Command, Program, Scenario};
use crate::scenario::played::{ENDS, Played, RUNNER, link_actor};
use crate::trace::{Event, Stream, What};
use std::time::Duration;

/// A scenario and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) played: &'a Played,
}

/// A line that a program wrote.
#[derive(Clone, Copy)]
pub(super) struct Written<'a> {
    pub(super) event: &'a Event,
    pub(super) text: &'a str,
}

impl<'a> Seen<'a> {
    pub(super) fn program(self, name: &str) -> Option<&'a Program> {
        self.scenario.program(name)
    }

    /// What the runner saw of a program, and what the program itself recorded: `client`, `client/3`.
    pub(super) fn of(self, program: &'a str) -> impl Iterator<Item = &'a Event> {
        self.played.events.iter().filter(move |event| belongs_to(&event.actor, program))
    }

    /// What happened at a link.
    pub(super) fn at_link(self, name: &str) -> impl Iterator<Item = &'a Event> {
        let actor = link_actor(name);
        self.played.events.iter().filter(move |event| event.actor == actor)
    }

    /// Whether the program recorded its own calls: one of this program's own that got far enough.
    pub(super) fn is_traced(self, program: &'a str) -> bool {
        let is_own = self.program(program).is_some_and(|program| matches!(program.run, Command::Own(_)));
        is_own && self.of(program).any(|event| is_call(&event.what))
    }

    /// The last start of a program.
    pub(super) fn launched(self, program: &'a str) -> Option<&'a Event> {
        self.of(program).filter(|event| matches!(event.what, What::Launched { .. })).last()
    }

    /// The end that followed on its last start, if one did.
    pub(super) fn exited(self, program: &'a str) -> Option<&'a Event> {
        let launched = self.launched(program)?.seq;
        self.of(program)
            .filter(|event| event.seq > launched && matches!(event.what, What::Exited { .. }))
            .last()
    }

    /// Where the timeline ended; what happens then is the runner's doing.
    pub(super) fn timeline_ended(self) -> Option<&'a Event> {
        self.steps().find(|event| matches!(&event.what, What::Step { text, .. } if text == ENDS))
    }

    /// Whether an event came before the timeline ended.
    pub(super) fn is_in_time(self, event: &Event) -> bool {
        self.timeline_ended().is_none_or(|end| event.seq < end.seq)
    }

    /// The step of this name, when it was taken.
    pub(super) fn step(self, wanted: &str) -> Option<&'a Event> {
        self.steps()
            .find(|event| matches!(&event.what, What::Step { name: Some(name), .. } if name == wanted))
    }

    fn steps(self) -> impl Iterator<Item = &'a Event> {
        self.played.events.iter().filter(|event| event.actor == RUNNER)
    }

    /// The lines that a program wrote on a stream, or on both.
    pub(super) fn written(self, program: &'a str, on: Option<Stream>) -> impl Iterator<Item = Written<'a>> {
        self.of(program).filter_map(move |event| match &event.what {
            What::Wrote { stream, text } if on.is_none_or(|on| on == *stream) => {
                Some(Written { event, text })
            }
            _ => None,
        })
    }

    /// What a program wrote last, and how it ended: what helps where something else was wanted.
    pub(super) fn last_words(self, program: &'a str, on: Option<Stream>) -> String {
        let lines: Vec<_> = self.written(program, on).collect();
        if lines.is_empty() {
            let nothing = on.map_or("nothing was written".to_owned(), |on| format!("nothing on {on}"));
            return match self.exited(program) {
                Some(exited) => format!("{nothing}; {}", how(exited)),
                None => nothing,
            };
        }
        quoted(&lines)
    }

    /// How long after the last start of a program something happened.
    pub(super) fn age(self, program: &'a str, event: &Event) -> Duration {
        self.launched(program).map_or(event.at, |launched| event.at.saturating_sub(launched.at))
    }
}

/// Lines in quotes; of many the last ones.
pub(super) fn quoted(lines: &[Written<'_>]) -> String {
    let last: Vec<String> =
        lines[lines.len().saturating_sub(LINES)..].iter().map(|line| shortened(line.text)).collect();
    let more = if lines.len() > LINES { "… " } else { "" };
    format!("{more}{}", last.join(" ⏎ "))
}

/// So many lines are shown of an output.
pub(super) const LINES: usize = 4;
/// Of each so many letters.
const LETTERS: usize = 120;

/// The line in quotes, so that blanks and control characters are seen; a long one is cut.
pub(super) fn shortened(line: &str) -> String {
    let mut letters = line.chars();
    let start: String = letters.by_ref().take(LETTERS).collect();
    if letters.next().is_some() { format!("{start:?}…") } else { format!("{start:?}") }
}

/// How a program ended, in words.
pub(super) fn how(exited: &Event) -> String {
    match &exited.what {
        What::Exited { limit: Some(limit), .. } => format!("{limit} limit"),
        What::Exited { signal: Some(signal), .. } => format!("ended by {signal}"),
        What::Exited { code: Some(code), .. } => format!("exit code {code}"),
        _ => "ended".to_owned(),
    }
}

/// How long a program ran, in words.
pub(super) fn running_for(seen: Seen<'_>, program: &str) -> String {
    // Without an end of the timeline the run was cut off at its last event.
    let until = seen.timeline_ended().or(seen.played.events.last());
    let began = seen
        .played
        .events
        .iter()
        .rfind(|event| event.actor == program && matches!(event.what, What::Launched { .. }));
    let (until, began) =
        (until.map_or(Duration::ZERO, |event| event.at), began.map_or(Duration::ZERO, |event| event.at));
    format!("still running after {}, when the timeline ended", duration(until.saturating_sub(began)))
}

/// Whether an actor is the program, or a thread of it.
pub(super) fn belongs_to(actor: &str, program: &str) -> bool {
    actor.strip_prefix(program).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_call(what: &What) -> bool {
    matches!(what, What::Started(_) | What::Finished { .. } | What::Failed(_))
}
