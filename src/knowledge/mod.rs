//! The catalogue of explanations, English and Indonesian side by side, and the reader of pasted errors. The text
//! is in `knowledge/*.toml` and is compiled in: asking for a page touches that page and no other. Knows nothing of
//! events and evidence.

mod page;
mod reader;
mod sighting;
mod topic;

pub use page::{Cause, Concept, Idea, Lesson, Page, Terms, Text};
pub use reader::read;
pub use sighting::{Runtime, Sighting};
pub use topic::{Topic, Unexplained, family_of, look_up};

use crate::fault::{Family, Fault};
use crate::lang::Lang;

mod catalogue {
    use super::{Cause, Concept, Idea, Lesson, Page, Terms, Text};
    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}

/// The page of a fault.
pub fn fault(fault: Fault) -> &'static Page {
    find(catalogue::FAULTS, fault.id())
}

/// The page of a family.
pub fn family(family: Family) -> &'static Page {
    find(catalogue::FAMILIES, family.id())
}

/// What happens when `fault` is reproduced.
pub fn lesson(of: Fault, lang: Lang) -> &'static Lesson {
    fault(of).text(lang).lesson.as_ref().expect("the build refuses a fault without a lesson")
}

/// Every idea that has a page, with its id.
pub fn concepts() -> &'static [(&'static str, Concept)] {
    catalogue::CONCEPTS
}

/// The words around pages and reports.
pub fn terms(lang: Lang) -> &'static Terms {
    match lang {
        Lang::En => &catalogue::EN,
        Lang::Id => &catalogue::ID,
    }
}

fn find(pages: &'static [(&str, Page)], id: &str) -> &'static Page {
    pages.iter().find(|(name, _)| *name == id).map(|(_, page)| page).expect("a test finds every page")
}
