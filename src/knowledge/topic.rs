//! What a user asks about: an id, the name or number of an error, or words of a message or of everyday.

use super::{Concept, Sighting, concepts, reader, search};
use crate::failure::{Code, Platform};
use crate::fault::{self, Named};

/// Something that the catalogue knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// An error.
    Error(Sighting),
    /// An idea, by its id.
    Concept(&'static str, &'static Concept),
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// One topic when the words say which; else those that may be meant, the likeliest first.
    pub topics: Vec<Topic>,
    /// The number that was asked for: each platform may mean another error by it.
    pub number: Option<i32>,
}

/// No page explains these words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexplained {
    /// Ids that may have been meant, the likeliest first.
    pub nearest: Vec<&'static str>,
}

impl Topic {
    /// The id of its page.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Error(sighting) => sighting.page().id(),
            Self::Concept(id, _) => id,
        }
    }
}

/// What `words` stand for: the id of a fault, a family or an idea, the name of an error, a number, which may mean
/// another error on each system, words of a message, or words by which people speak of it.
pub fn look_up(words: &str) -> Result<Answer, Unexplained> {
    let words = words.trim();
    let one = |topic| Ok(Answer { topics: vec![topic], number: None });
    if let Some((id, concept)) = concepts().iter().find(|(id, _)| id.eq_ignore_ascii_case(words)) {
        return one(Topic::Concept(id, concept));
    }
    if let Some(sighting) = named(words) {
        return one(Topic::Error(sighting));
    }
    if let Some((number, codes)) = numbered(words) {
        let topics = codes.into_iter().map(|code| Topic::Error(Sighting::of_code(code))).collect();
        return Ok(Answer { topics, number: Some(number) });
    }
    let is_phrase = !reader::is_message(words) && search::is_phrase(words);
    let said = || reader::read(words.lines().map(str::to_owned)).or_else(|| reader::message(words));
    if let Some(sighting) = (!is_phrase).then(said).flatten() {
        return one(Topic::Error(Sighting { line: None, ..sighting }));
    }
    let nearest = nearest(words);
    // A single word that is nearly a name is a misspelled name.
    let is_known = fault::spellings().any(|(spelling, _)| spelling.eq_ignore_ascii_case(words));
    let is_one = !words.contains(char::is_whitespace);
    let is_name = is_one && !nearest.is_empty() && !is_known && !is_phrase;
    match search::search(words) {
        topics if topics.is_empty() || is_name => Err(Unexplained { nearest }),
        topics => Ok(Answer { topics, number: None }),
    }
}

fn named(word: &str) -> Option<Sighting> {
    let code = Code::named(word).map(Sighting::of_code);
    code.or_else(|| word.parse::<Named>().ok().map(Sighting::of))
}

/// Every error that has the number of `words` on some system: `111`, `-111`, `errno 111`, `WinError 10061`. A
/// number with a minus sign is the resolver's before it is an errno as the kernel returns it.
fn numbered(words: &str) -> Option<(i32, Vec<&'static Code>)> {
    let (before, number) = words.rsplit_once([' ', '=', ':', '#']).unwrap_or(("", words));
    let is_label = before.split(|letter: char| !letter.is_alphanumeric()).all(|word| {
        ["", "errno", "error", "winerror", "os", "code", "wsa", "galat", "socket"]
            .contains(&&*word.to_lowercase())
    });
    let number = number.parse::<i32>().ok().filter(|_| is_label)?;
    let having = |number: i32| -> Vec<&'static Code> {
        let mut codes: Vec<&Code> = Vec::new();
        // What it means on the platform at hand comes first.
        for platform in [Platform::HERE].iter().chain(Platform::ALL) {
            let here = Code::all().filter(|code| code.number(*platform) == Some(number));
            codes.extend(here.filter(|code| !codes.contains(code)).collect::<Vec<_>>());
        }
        codes
    };
    [number, number.abs()]
        .into_iter()
        .map(|number| (number, having(number)))
        .find(|(_, codes)| !codes.is_empty())
}

/// At most five ids that may have been meant: spelled like all of the words, or like one of them.
fn nearest(words: &str) -> Vec<&'static str> {
    let known = || {
        let ideas = concepts().iter().map(|(id, _)| (*id, *id));
        let codes = Code::all().flat_map(|code| {
            let wsa = code.wsa.map(|(symbol, _)| (symbol, symbol));
            std::iter::once((code.name, code.name)).chain(wsa)
        });
        fault::spellings().chain(ideas).chain(codes)
    };
    let mut ids = fault::nearest(words, known());
    for word in words.split_whitespace().filter(|word| word.len() > 3) {
        ids.extend(fault::nearest(word, known()));
    }
    let mut once = Vec::new();
    for id in ids {
        if !once.contains(&id) {
            once.push(id);
        }
    }
    once.truncate(5);
    once
}
