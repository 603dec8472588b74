//! The pages of the catalogue about the faults that were found: each once in a file.

use crate::fault::{Fault, Named};
use crate::knowledge::{self, Sighting};
use crate::report::page::parts;
use crate::report::run::words;
use crate::report::web::{Place, escaped, in_each, write_part};
use crate::trace::Run;

/// Pages that are in the file already.
#[derive(Default)]
pub(super) struct Explained(Vec<Fault>);

impl Explained {
    /// The pages of this run that are not in the file yet.
    pub(super) fn html(&mut self, run: &Run) -> String {
        let mut pages = String::new();
        for (judged, _) in words::distinct_verdicts(run) {
            let Some(fault) = judged.verdict.fault.filter(|fault| !self.0.contains(fault)) else { continue };
            self.0.push(fault);
            pages += &self.page(fault);
        }
        if pages.is_empty() {
            return pages;
        }
        let heading = in_each(|lang| format!("<h2>{}</h2>\n", escaped(knowledge::terms(lang).h_explanation)));
        format!("<section class=\"explanation\">\n{heading}{pages}</section>\n")
    }

    fn page(&self, fault: Fault) -> String {
        let written = in_each(|lang| {
            let mut page = String::new();
            let place = Place { id: None, has: &|id| self.0.iter().any(|known| known.id() == id) };
            for part in parts::error(&Sighting::of(Named::Fault(fault)), lang, false) {
                write_part(&mut page, &part, place, knowledge::terms(lang));
            }
            page
        });
        format!("<div class=\"page\" id=\"{fault}\">\n{written}</div>\n")
    }
}
