//! The catalogue of explanations, English and Indonesian side by side, and the reader of pasted errors. The text
//! is in `knowledge/*.toml` and is compiled in: asking for a page touches that page and no other. Knows nothing of
//! events and evidence.

mod page;
mod reader;
mod search;
mod sighting;
mod topic;
mod trial;
mod walkthrough;

pub use page::{Cause, Concept, Effect, Entry, Idea, Lesson, Page, Remedy, Terms, Text};
pub use reader::{Lines, read};
pub use sighting::{Runtime, Sighting};
pub use topic::{Answer, Topic, Unexplained, look_up};
pub use trial::{Told, Trial};
pub use walkthrough::{Choice, Holds, Part, Point, Walk, Walkthrough};

use crate::failure::Code;
use crate::fault::{Family, Fault, Named};
use crate::lang::Lang;

mod catalogue {
    use super::{Cause, Concept, Effect, Entry, Idea, Lesson, Page, Remedy, Terms, Text};
    use super::{Choice, Holds, Part, Point, Walk, Walkthrough};
    use super::{Told, Trial};
    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}

/// The page of a fault.
pub fn fault(fault: Fault) -> &'static Page {
    find_in(catalogue::FAULTS, fault.id())
}

/// The page of a family.
pub fn family(family: Family) -> &'static Page {
    find_in(catalogue::FAMILIES, family.id())
}

/// The page of a fault or a family.
pub fn page(of: Named) -> &'static Page {
    match of {
        Named::Fault(of) => fault(of),
        Named::Family(of) => family(of),
    }
}

/// Every page of a family or a fault, each family before its faults.
pub fn pages() -> impl Iterator<Item = Named> {
    Family::ALL
        .iter()
        .flat_map(|family| std::iter::once(Named::Family(*family)).chain(family.faults().map(Named::Fault)))
}

/// What happens when `fault` is reproduced; those that cannot be have none.
pub fn lesson(of: Fault, lang: Lang) -> Option<&'static Lesson> {
    fault(of).text(lang).lesson.as_ref()
}

/// The lesson about a family, where there is one.
pub fn walkthrough(of: Family) -> Option<&'static Walkthrough> {
    catalogue::LESSONS.iter().find(|(id, _)| *id == of.id()).map(|(_, lesson)| lesson)
}

/// Which page explains `code`, and what sets it apart.
pub fn entry(code: &Code) -> &'static Entry {
    find_in(catalogue::CODES, code.name)
}

/// The page that explains `code`.
pub fn page_of(code: &Code) -> Named {
    entry(code).page.parse().expect("the build finds every page that is named")
}

/// The family to which `code` belongs.
pub fn family_of(code: &Code) -> Family {
    page_of(code).family()
}

/// Every idea that has a page, with its id.
pub fn concepts() -> &'static [(&'static str, Concept)] {
    catalogue::CONCEPTS
}

/// What is told of the recovery strategy of this name.
///
/// # Panics
/// When there is none: a test finds one for each.
pub fn remedy(name: &str) -> &'static Remedy {
    find_in(catalogue::REMEDIES, name)
}

/// What is told of the experiment of this name.
///
/// # Panics
/// When there is none: a test finds one for each.
pub fn trial(name: &str) -> &'static Trial {
    find_in(catalogue::TRIALS, name)
}

/// The words around pages and reports.
pub fn terms(lang: Lang) -> &'static Terms {
    match lang {
        Lang::En => &catalogue::EN,
        Lang::Id => &catalogue::ID,
    }
}

/// The build sorts what it finds.
fn find_in<T>(sorted: &'static [(&str, T)], id: &str) -> &'static T {
    let at = sorted.binary_search_by_key(&id, |(name, _)| name).expect("a test finds every page");
    &sorted[at].1
}
