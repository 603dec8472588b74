//! The whole catalogue as one document.

mod html;
mod json;
mod markdown;

pub use html::html;
pub use json::Handbook;
pub use markdown::markdown;

use super::page::parts::{self, Part};
use super::{Look, page};
use crate::failure::Code;
use crate::fault::Family;
use crate::knowledge::{self, Sighting};
use crate::lang::Lang;

/// A chapter: a family and its faults, or the ideas.
struct Chapter {
    /// What the list of contents calls it.
    title: &'static str,
    /// Each page with the id by which it is linked.
    pages: Vec<(&'static str, Vec<Part>)>,
}

/// Everything, in the order of the list of faults; the ideas last.
fn chapters(lang: Lang) -> Vec<Chapter> {
    let of_error = |named| {
        let sighting = Sighting::of(named);
        (named.id(), parts::error(&sighting, lang, false))
    };
    let families = Family::ALL.iter().map(|family| Chapter {
        title: family.id(),
        pages: knowledge::pages().filter(|named| named.family() == *family).map(of_error).collect(),
    });
    let concepts = knowledge::concepts().iter();
    let ideas = Chapter {
        title: knowledge::terms(lang).ideas,
        pages: concepts.map(|(id, idea)| (*id, parts::concept(id, idea, lang, false))).collect(),
    };
    families.chain([ideas]).collect()
}

/// A row of the table of errors: the error, the page that explains it, and what sets it apart there.
fn index(lang: Lang) -> impl Iterator<Item = (&'static Code, &'static str, Option<&'static str>)> {
    Code::all().map(move |code| {
        let entry = knowledge::entry(code);
        (code, entry.page, entry.text(lang))
    })
}

/// The title of a page.
fn title_of(parts: &[Part]) -> &'static str {
    parts
        .iter()
        .find_map(|part| if let Part::Title(_, words) = part { Some(*words) } else { None })
        .unwrap_or("")
}

/// Every page as text, one after the other.
pub fn text(look: &Look) -> String {
    let pages = chapters(look.lang).into_iter().flat_map(|chapter| chapter.pages);
    pages.map(|(_, parts)| page::page(&parts, look)).collect::<Vec<_>>().join("\n\n")
}
