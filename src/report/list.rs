//! What there is to reproduce and to read: every fault with its meaning in one sentence.

use super::{Look, wrap};
use crate::failure::{Code, TABLE};
use crate::fault::{Family, Fault};
use crate::knowledge;
use crate::lang::Lang;
use serde::Serialize;
use std::fmt::Write;

/// The faults, family by family.
pub fn fault_list(look: &Look) -> String {
    let mut text = String::new();
    for family in Family::ALL {
        let faults =
            family.faults().map(|fault| (fault.id(), knowledge::fault(fault).text(look.lang).meaning));
        section(&mut text, look, family.id(), faults);
    }
    text
}

/// A heading, and below it each id with its words.
fn section<W: AsRef<str>>(
    text: &mut String,
    look: &Look,
    heading: &str,
    entries: impl Iterator<Item = (&'static str, W)>,
) {
    let _ = writeln!(text, "{}", look.strong(heading));
    for (id, words) in entries {
        let _ = writeln!(text, "  {}", look.command(id));
        for line in wrap(words.as_ref(), look.width.saturating_sub(4)) {
            let _ = writeln!(text, "    {line}");
        }
    }
}

/// All that can be explained: faults, errors by name, ideas.
pub fn contents(look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let mut text = fault_list(look);
    let codes = explained_codes().map(|code| (code.name, super::numbers(code)));
    section(&mut text, look, terms.errors, codes);
    let ideas = knowledge::concepts().iter().map(|(id, idea)| (*id, idea.text(look.lang).title));
    section(&mut text, look, terms.ideas, ideas);
    text
}

/// The same for scripts: `{"faults":[…],"errnos":[…],"concepts":[{"concept":…,"title":…}]}`.
#[derive(Serialize)]
pub struct Contents {
    #[serde(flatten)]
    faults: FaultList,
    errnos: Vec<&'static str>,
    concepts: Vec<ListedConcept>,
}

#[derive(Serialize)]
struct ListedConcept {
    concept: &'static str,
    title: &'static str,
}

impl Contents {
    /// Everything, in `lang`.
    pub fn new(lang: Lang) -> Self {
        let concepts = knowledge::concepts().iter();
        Self {
            faults: FaultList::new(lang),
            errnos: explained_codes().map(|code| code.name).collect(),
            concepts: concepts
                .map(|(concept, idea)| ListedConcept { concept, title: idea.text(lang).title })
                .collect(),
        }
    }
}

fn explained_codes() -> impl Iterator<Item = &'static Code> {
    TABLE.iter().filter(|code| knowledge::family_of(code).is_some())
}

/// The faults for scripts: `{"faults":[{"fault":…,"family":…,"meaning":…}]}`.
#[derive(Serialize)]
pub struct FaultList {
    faults: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    fault: Fault,
    family: Family,
    meaning: &'static str,
}

impl FaultList {
    /// Every fault, its meaning in `lang`.
    pub fn new(lang: Lang) -> Self {
        let listed = |fault: &Fault| Listed {
            fault: *fault,
            family: fault.family(),
            meaning: knowledge::fault(*fault).text(lang).meaning,
        };
        Self { faults: Fault::ALL.iter().map(listed).collect() }
    }
}
