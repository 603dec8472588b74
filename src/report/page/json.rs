//! What the catalogue says about an error or an idea, for scripts.

use crate::failure::{Code, Op};
use crate::fault::{Family, Fault};
use crate::knowledge::{Idea, Page, Runtime, Sighting, Text, Topic};
use crate::lang::Lang;
use serde::Serialize;

/// For scripts: `{"recognised":[…]}`, and `concepts` when an idea was asked for.
#[derive(Default, Serialize)]
pub struct Explained {
    recognised: Vec<Recognised>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    concepts: Vec<Explanation<Idea>>,
}

#[derive(Serialize)]
struct Recognised {
    family: Option<Family>,
    fault: Option<Fault>,
    errno: Option<&'static str>,
    line: Option<usize>,
    call: Option<Op>,
    address: Option<String>,
    runtime: Option<Runtime>,
    page: Option<Leaflet>,
}

#[derive(Serialize)]
struct Leaflet {
    #[serde(flatten)]
    explanation: Explanation<Text>,
    numbers: Vec<Numbers>,
    python: &'static str,
    rust: &'static str,
}

#[derive(Serialize)]
struct Numbers {
    errno: &'static str,
    linux: i32,
    macos: i32,
    windows: Option<i32>,
    wsa: Option<&'static str>,
}

#[derive(Serialize)]
struct Explanation<T> {
    id: &'static str,
    #[serde(flatten)]
    text: T,
    related: &'static [&'static str],
}

impl Explained {
    /// These topics in `lang`.
    pub fn new(topics: &[Topic], lang: Lang) -> Self {
        let mut explained = Self::default();
        for topic in topics {
            match topic {
                Topic::Error(sighting) => explained.recognised.push(Recognised::new(sighting, lang)),
                Topic::Concept(id, concept) => {
                    let (text, related) = (*concept.text(lang), concept.related);
                    explained.concepts.push(Explanation { id, text, related });
                }
            }
        }
        explained
    }
}

impl Recognised {
    fn new(sighting: &Sighting, lang: Lang) -> Self {
        Self {
            family: sighting.family,
            fault: sighting.fault,
            errno: sighting.code.map(|code| code.name),
            line: sighting.line,
            call: sighting.call,
            address: sighting.address.clone(),
            runtime: sighting.runtime,
            page: sighting.page().map(|(id, page)| Leaflet::new(id, page, lang)),
        }
    }
}

impl Leaflet {
    fn new(id: &'static str, page: &Page, lang: Lang) -> Self {
        let codes = page.errnos.iter().filter_map(|name| Code::named(name));
        Self {
            explanation: Explanation { id, text: *page.text(lang), related: page.related },
            numbers: codes.map(Numbers::of).collect(),
            python: page.python,
            rust: page.rust,
        }
    }
}

impl Numbers {
    fn of(code: &'static Code) -> Self {
        let (wsa, windows) = code.wsa.unzip();
        Self { errno: code.name, linux: code.linux, macos: code.macos, windows, wsa }
    }
}
