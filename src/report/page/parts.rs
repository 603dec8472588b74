//! What a page consists of, in the order in which it is read; each format gives the parts its own look.

use super::text::numbers;
use crate::failure::Code;
use crate::fault::{Fault, Named};
use crate::knowledge::{self, Cause, Concept, Page, Sighting, Terms};
use crate::lang::Lang;

/// A part of a page. In texts backticks stand around what a computer reads.
#[derive(Clone, Debug)]
pub(in crate::report) enum Part {
    /// The name of the page or of the error, and a few words.
    Title(&'static str, &'static str),
    /// Names and numbers of an error.
    Numbers(String),
    /// Text that needs no label; lines that begin with two blanks are a drawing.
    Paragraph(&'static str),
    /// A label and its text.
    Section(&'static str, String),
    /// The causes, most likely first.
    Causes(&'static str, &'static [Cause]),
    /// Code by language.
    Samples(&'static str, [(&'static str, &'static str); 2]),
    /// A command to go on with.
    Command(&'static str, String),
    /// Ids of other pages.
    Related(&'static str, &'static [&'static str]),
}

/// The page about an error; in `brief` only the names, the meaning, and what it proves.
pub(in crate::report) fn error(sighting: &Sighting, lang: Lang, brief: bool) -> Vec<Part> {
    let terms = knowledge::terms(lang);
    let named = sighting.page();
    let page = knowledge::page(named);
    let text = page.text(lang);
    let mut parts = match sighting.code.filter(|_| sighting.fault.is_none()) {
        Some(code) => head_of_code(code, named, lang),
        None => head(named.id(), page, lang, terms),
    };
    parts.push(Part::Paragraph(text.meaning));
    parts.push(Part::Section(terms.proves, text.proves.to_owned()));
    parts.push(Part::Section(terms.does_not_prove, text.does_not_prove.to_owned()));
    if brief {
        return parts;
    }
    if sighting.line.is_some() {
        parts.push(Part::Section(terms.pasted, pasted(sighting, terms)));
    }
    parts.push(Part::Causes(terms.causes, text.causes));
    parts.push(Part::Section(terms.useless, text.useless.to_owned()));
    parts.push(Part::Section(terms.retry, text.retry.to_owned()));
    parts.push(Part::Samples(terms.handling, [("Python", page.python), ("Rust", page.rust)]));
    parts.push(Part::Section(terms.platforms, text.platforms.to_owned()));
    if is_reproducible(named) {
        parts.push(Part::Command(terms.see_it, format!("netfault reproduce {}", named.id())));
    }
    if let Some(target) = page.diagnose {
        parts.push(Part::Command(terms.check_yours, format!("netfault diagnose {target}")));
    }
    parts.push(Part::Related(terms.related, page.related));
    parts
}

/// The page about an idea; in `brief` only its meaning.
pub(in crate::report) fn concept(
    id: &'static str,
    concept: &'static Concept,
    lang: Lang,
    brief: bool,
) -> Vec<Part> {
    let idea = concept.text(lang);
    let mut parts = vec![Part::Title(id, idea.title), Part::Paragraph(idea.meaning)];
    if !brief {
        parts.push(Part::Paragraph(idea.text));
        parts.push(Part::Related(knowledge::terms(lang).related, concept.related));
    }
    parts
}

/// Names and numbers of all that the page explains.
fn head(id: &'static str, page: &Page, lang: Lang, terms: &'static Terms) -> Vec<Part> {
    let codes = page.errnos.iter().filter_map(|name| Code::named(name));
    let mut parts = vec![Part::Title(id, page.text(lang).title)];
    parts.extend(codes.map(|code| Part::Numbers(format!("{}  {}", code.name, numbers(code)))));
    if page.errnos.is_empty() {
        parts.push(Part::Numbers(terms.no_errno.to_owned()));
    }
    parts
}

/// The head of a page that was found by the name of an error.
fn head_of_code(code: &'static Code, named: Named, lang: Lang) -> Vec<Part> {
    let title = knowledge::page(named).text(lang).title;
    let numbers = Part::Numbers(numbers(code));
    match knowledge::entry(code).text(lang) {
        None => vec![Part::Title(code.name, title), numbers],
        Some(apart) => vec![
            Part::Title(code.name, code.text),
            numbers,
            Part::Paragraph(apart),
            Part::Title(named.id(), title),
        ],
    }
}

/// Whether the fault itself, or one of the family, can be made to happen.
fn is_reproducible(named: Named) -> bool {
    let can = |fault: Fault| knowledge::lesson(fault, Lang::En).is_some();
    match named {
        Named::Fault(fault) => can(fault),
        Named::Family(family) => family.faults().any(can),
    }
}

/// Where the error stands in the text, and what else the text tells about it.
fn pasted(sighting: &Sighting, terms: &Terms) -> String {
    let line = sighting.line.map(|line| format!("{} {line}", terms.on_line));
    let call = sighting.call.map(|call| format!("{}()", call.name()));
    let runtime = sighting.runtime.map(|runtime| runtime.to_string());
    let known: Vec<String> = [line, call, sighting.address.clone(), runtime].into_iter().flatten().collect();
    known.join(", ")
}
