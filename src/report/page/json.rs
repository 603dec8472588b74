//! What the catalogue says about an error or an idea, for scripts.

use crate::failure::{Code, Op, Platform};
use crate::fault::{Family, Fault, Named};
use crate::knowledge::{self, Answer, Idea, Runtime, Sighting, Text, Topic};
use crate::lang::Lang;
use serde::Serialize;

/// For scripts: `{"recognised":[…]}`, and `concepts` when an idea was asked for.
#[derive(Default, Serialize)]
pub struct Explained {
    recognised: Vec<Recognised>,
    /// What a number stands for on each platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<Meanings>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    concepts: Vec<Explanation<Idea>>,
}

#[derive(Serialize)]
struct Meanings {
    value: i32,
    linux: Vec<&'static str>,
    macos: Vec<&'static str>,
    windows: Vec<&'static str>,
}

#[derive(Serialize)]
struct Recognised {
    family: Family,
    fault: Option<Fault>,
    errno: Option<&'static str>,
    line: Option<usize>,
    call: Option<Op>,
    address: Option<String>,
    runtime: Option<Runtime>,
    /// What sets the error apart from others on its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    apart: Option<&'static str>,
    page: Leaflet,
}

/// A page.
#[derive(Serialize)]
pub(in crate::report) struct Leaflet {
    #[serde(flatten)]
    explanation: Explanation<Text>,
    numbers: Vec<Numbers>,
    python: &'static str,
    rust: &'static str,
}

#[derive(Serialize)]
struct Numbers {
    errno: &'static str,
    linux: Option<i32>,
    macos: Option<i32>,
    windows: Option<i32>,
    wsa: Option<&'static str>,
}

/// What is said about something, and where to read on.
#[derive(Serialize)]
pub(in crate::report) struct Explanation<T> {
    pub(in crate::report) id: &'static str,
    #[serde(flatten)]
    pub(in crate::report) text: T,
    pub(in crate::report) related: &'static [&'static str],
}

impl Explained {
    /// What was found, in `lang`.
    pub fn new(answer: &Answer, lang: Lang) -> Self {
        let mut explained = Self { number: answer.number.map(Meanings::of), ..Self::default() };
        for topic in &answer.topics {
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

impl Meanings {
    fn of(value: i32) -> Self {
        let on = |platform| {
            Code::all().filter(|code| code.number(platform) == Some(value)).map(|code| code.name).collect()
        };
        Self { value, linux: on(Platform::Linux), macos: on(Platform::Macos), windows: on(Platform::Windows) }
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
            apart: sighting.code.and_then(|code| knowledge::entry(code).text(lang)),
            page: Leaflet::new(sighting.page(), lang),
        }
    }
}

impl Leaflet {
    pub(in crate::report) fn new(named: Named, lang: Lang) -> Self {
        let (id, page) = (named.id(), knowledge::page(named));
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
