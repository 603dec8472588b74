//! What a user asks about: an id, the name or number of an error, or words of a message.

use super::{Concept, Sighting, concepts, family, reader};
use crate::failure::{Code, Platform, TABLE};
use crate::fault::{self, Family, Named};

/// Something that the catalogue knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// An error.
    Error(Sighting),
    /// An idea, by its id.
    Concept(&'static str, &'static Concept),
}

/// No page explains these words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unexplained {
    /// Errors that have names and numbers, and no page.
    pub codes: Vec<&'static Code>,
    /// Ids that may have been meant, the likeliest first.
    pub nearest: Vec<&'static str>,
}

/// What `words` stand for: the id of a fault, a family or an idea, the name of an error, a number, which may mean
/// another error on each system, or words of a message.
pub fn look_up(words: &str) -> Result<Vec<Topic>, Unexplained> {
    let words = words.trim();
    if let Some((id, concept)) = concepts().iter().find(|(id, _)| id.eq_ignore_ascii_case(words)) {
        return Ok(vec![Topic::Concept(id, concept)]);
    }
    let said = reader::read(words).or_else(|| reader::message(words));
    let sightings: Vec<Sighting> = match (named(words), said) {
        (Some(sighting), _) => vec![sighting],
        (None, Some(sighting)) => vec![Sighting { line: None, ..sighting }],
        (None, None) => numbered(words).into_iter().map(Sighting::of_code).collect(),
    };
    let (explained, other): (Vec<Sighting>, Vec<Sighting>) =
        sightings.into_iter().partition(|sighting| sighting.page().is_some());
    if explained.is_empty() {
        let codes = other.into_iter().filter_map(|sighting| sighting.code).collect();
        return Err(Unexplained { codes, nearest: nearest(words) });
    }
    Ok(explained.into_iter().map(Topic::Error).collect())
}

fn named(word: &str) -> Option<Sighting> {
    let code = Code::named(word).map(Sighting::of_code);
    code.or_else(|| match word.parse().ok()? {
        Named::Fault(fault) => Some(Sighting::of_fault(fault)),
        Named::Family(family) => Some(Sighting::of_family(family)),
    })
}

/// The family whose page explains `code`, if one does.
pub fn family_of(code: &Code) -> Option<Family> {
    Family::ALL.iter().copied().find(|one| family(*one).errnos.contains(&code.name))
}

/// Every error that has the number `words` on some system: `111`, `-111`, `errno 111`, `WinError 10061`.
fn numbered(words: &str) -> Vec<&'static Code> {
    let (before, number) = words.rsplit_once([' ', '=', ':']).unwrap_or(("", words));
    let is_label = before.split(|letter: char| !letter.is_alphanumeric()).all(|word| {
        ["", "errno", "error", "winerror", "os", "code", "wsa", "galat"].contains(&&*word.to_lowercase())
    });
    let Some(number) = number.trim_start_matches('-').parse::<i32>().ok().filter(|_| is_label) else {
        return Vec::new();
    };
    let on_any = |code: &&Code| Platform::ALL.iter().any(|platform| code.number(*platform) == Some(number));
    TABLE.iter().filter(on_any).collect()
}

/// At most five ids that may have been meant: spelled like all of the words, or like one of them.
fn nearest(words: &str) -> Vec<&'static str> {
    let known = || {
        let ideas = concepts().iter().map(|(id, _)| (*id, *id));
        let codes = TABLE.iter().flat_map(|code| {
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
