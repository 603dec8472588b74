//! The catalogue for scripts.

use crate::failure::Code;
use crate::knowledge::{self, Idea};
use crate::lang::Lang;
use crate::report::page::{Explanation, Leaflet};
use serde::Serialize;

/// `{"lang":…,"pages":[…],"errnos":[…],"concepts":[…]}`.
#[derive(Serialize)]
pub struct Handbook {
    lang: Lang,
    pages: Vec<Leaflet>,
    errnos: Vec<Explained>,
    concepts: Vec<Explanation<Idea>>,
}

/// Which page explains an error, and what sets it apart there.
#[derive(Serialize)]
struct Explained {
    errno: &'static str,
    text: &'static str,
    page: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    apart: Option<&'static str>,
}

impl Handbook {
    /// Everything, in `lang`.
    pub fn new(lang: Lang) -> Self {
        let explained = |code: &'static Code| {
            let entry = knowledge::entry(code);
            Explained { errno: code.name, text: code.text, page: entry.page, apart: entry.text(lang) }
        };
        let concepts = knowledge::concepts().iter();
        Self {
            lang,
            pages: knowledge::pages().map(|named| Leaflet::new(named, lang)).collect(),
            errnos: Code::all().map(explained).collect(),
            concepts: concepts
                .map(|(id, idea)| Explanation { id, text: *idea.text(lang), related: idea.related })
                .collect(),
        }
    }
}
