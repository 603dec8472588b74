//! What there is to reproduce and to read: ids, each with a line about it.

use super::{Look, wrap};
use crate::failure::{Code, RESOLVER, TABLE};
use crate::fault::{Family, Fault};
use crate::knowledge;
use crate::lang::Lang;
use serde::Serialize;
use std::fmt::Write;

/// Narrower than this, what is told of an id stands below it.
const BESIDE: usize = 70;

/// These faults, family by family.
pub fn fault_list(faults: impl Iterator<Item = Fault>, look: &Look) -> String {
    let mut text = String::new();
    let faults: Vec<Fault> = faults.collect();
    for family in Family::ALL {
        let of_family = faults.iter().filter(|fault| fault.family() == *family);
        let entries: Vec<Entry> =
            of_family.map(|fault| (fault.id(), knowledge::fault(*fault).text(look.lang).title)).collect();
        if !entries.is_empty() {
            section(&mut text, look, family.id(), knowledge::family(*family).text(look.lang).title, &entries);
        }
    }
    text
}

/// An id and what is told of it.
type Entry<W = &'static str, I = &'static str> = (I, W);

/// Names and what is told of each, under headings: for lists that are not of the catalogue.
pub fn listing(groups: &[(String, Vec<Entry<String, String>>)], look: &Look) -> String {
    let mut text = String::new();
    for (heading, entries) in groups {
        section(&mut text, look, heading, "", entries);
    }
    text
}

/// A heading with a few words, and below it each id with its own.
fn section<W: AsRef<str>, I: AsRef<str>>(
    text: &mut String,
    look: &Look,
    heading: &str,
    words: &str,
    entries: &[Entry<W, I>],
) {
    if !text.is_empty() {
        text.push('\n');
    }
    let told = if words.is_empty() { String::new() } else { format!("  {words}") };
    for (number, line) in wrap(&format!("{heading}{told}"), look.width).iter().enumerate() {
        let rest = line.strip_prefix(heading).filter(|_| number == 0);
        let _ = writeln!(text, "{}", rest.map_or(line.clone(), |rest| look.strong(heading) + rest));
    }
    let widest = entries.iter().map(|(id, _)| id.as_ref().len()).max().unwrap_or(0);
    for (id, words) in entries {
        let id = id.as_ref();
        let beside = look.width >= BESIDE;
        let indent = if beside { widest + 4 } else { 4 };
        let lines = wrap(words.as_ref(), look.width.saturating_sub(indent));
        let name = look.command(id);
        if !beside {
            let _ = writeln!(text, "  {name}");
        }
        for (number, line) in lines.iter().enumerate() {
            if beside && number == 0 {
                let _ = writeln!(text, "  {name}{:1$}{line}", "", widest - id.len() + 2);
            } else {
                let _ = writeln!(text, "{:indent$}{line}", "");
            }
        }
    }
}

/// All that can be explained: faults, errors by name, ideas.
pub fn contents(look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let mut text = fault_list(Fault::ALL.iter().copied(), look);
    let codes = |table: &'static [Code]| -> Vec<Entry<String>> {
        table.iter().map(|code| (code.name, super::numbers(code))).collect()
    };
    section(&mut text, look, terms.errors, "", &codes(TABLE));
    section(&mut text, look, terms.resolver, "", &codes(RESOLVER));
    let ideas: Vec<Entry> =
        knowledge::concepts().iter().map(|(id, idea)| (*id, idea.text(look.lang).title)).collect();
    section(&mut text, look, terms.ideas, "", &ideas);
    text
}

/// The same for scripts: `{"families":[…],"faults":[…],"errnos":[…],"concepts":[{"concept":…,"title":…}]}`.
#[derive(Serialize)]
pub struct Contents {
    families: Vec<ListedFamily>,
    #[serde(flatten)]
    faults: FaultList,
    errnos: Vec<&'static str>,
    concepts: Vec<ListedConcept>,
}

#[derive(Serialize)]
struct ListedFamily {
    family: Family,
    meaning: &'static str,
}

#[derive(Serialize)]
struct ListedConcept {
    concept: &'static str,
    title: &'static str,
}

impl Contents {
    /// Everything, in `lang`.
    pub fn new(lang: Lang) -> Self {
        let families = Family::ALL.iter().map(|family| ListedFamily {
            family: *family,
            meaning: knowledge::family(*family).text(lang).meaning,
        });
        let concepts = knowledge::concepts().iter();
        Self {
            families: families.collect(),
            faults: FaultList::new(Fault::ALL.iter().copied(), lang),
            errnos: Code::all().map(|code| code.name).collect(),
            concepts: concepts
                .map(|(concept, idea)| ListedConcept { concept, title: idea.text(lang).title })
                .collect(),
        }
    }
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
    /// These faults, their meanings in `lang`.
    pub fn new(faults: impl Iterator<Item = Fault>, lang: Lang) -> Self {
        let listed = |fault: Fault| Listed {
            fault,
            family: fault.family(),
            meaning: knowledge::fault(fault).text(lang).meaning,
        };
        Self { faults: faults.map(listed).collect() }
    }
}
