//! Finds pages by the words that people use, in either language: `port sudah dipakai`, `server hung up`.

use super::{Sighting, Topic, concepts, page, pages};
use crate::lang::Lang;

/// What a word weighs by where it stands on a page.
const IN_WORDS: f64 = 3.0;
const IN_TITLE: f64 = 2.0;
const IN_MEANING: f64 = 1.0;
/// Pages this near to the best one are told beside it.
const NEAR: f64 = 0.85;
/// At most so many are told.
const MOST: usize = 6;

/// Words that tell nothing about an error.
const IDLE: &[&str] = &[
    // English
    "a",
    "an",
    "and",
    "are",
    "at",
    "be",
    "by",
    "can",
    "cannot",
    "does",
    "error",
    "errors",
    "for",
    "from",
    "get",
    "getting",
    "got",
    "have",
    "how",
    "i",
    "in",
    "into",
    "is",
    "it",
    "its",
    "keep",
    "keeps",
    "me",
    "mean",
    "means",
    "my",
    "of",
    "on",
    "or",
    "problem",
    "some",
    "the",
    "there",
    "this",
    "to",
    "was",
    "what",
    "when",
    "why",
    "with",
    "you",
    "your",
    // Indonesian
    "ada",
    "adalah",
    "aku",
    "apa",
    "atau",
    "bagaimana",
    "dan",
    "dari",
    "dengan",
    "di",
    "galat",
    "gak",
    "ini",
    "itu",
    "jadi",
    "juga",
    "karena",
    "ke",
    "kena",
    "kenapa",
    "kok",
    "lagi",
    "mengapa",
    "muncul",
    "nih",
    "oleh",
    "pada",
    "saat",
    "saja",
    "saya",
    "selalu",
    "sih",
    "terus",
    "untuk",
    "waktu",
    "ya",
    "yang",
];

/// The page that these words fit, or those between which they do not decide, the best first.
pub(super) fn search(words: &str) -> Vec<Topic> {
    let asked: Vec<String> = meant(words);
    if asked.is_empty() {
        return Vec::new();
    }
    let shelf: Vec<Indexed> = shelf().collect();
    // weights[page][word]
    let weights: Vec<Vec<f64>> =
        shelf.iter().map(|page| asked.iter().map(|word| page.weight(word)).collect()).collect();
    let rarity: Vec<f64> = (0..asked.len())
        .map(|word| rarity(shelf.len(), weights.iter().filter(|page| page[word] > 0.0).count()))
        .collect();
    let mut found: Vec<(f64, Indexed)> = shelf
        .into_iter()
        .zip(&weights)
        .filter(|(_, weights)| is_about(weights))
        .map(|(page, weights)| {
            let each: f64 = weights.iter().zip(&rarity).map(|(weight, rarity)| weight * rarity).sum();
            (each + page.phrases_in(&asked), page)
        })
        .collect();
    found.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    let enough = found.first().map_or(0.0, |(best, _)| best * NEAR);
    found
        .into_iter()
        .take_while(|(score, _)| *score >= enough)
        .take(MOST)
        .map(|(_, page)| page.topic)
        .collect()
}

/// Whether people say just these words, in any order, of some page.
pub(super) fn is_phrase(words: &str) -> bool {
    let sorted = |mut words: Vec<String>| {
        words.sort_unstable();
        words
    };
    let asked = sorted(meant(words));
    let texts = pages().flat_map(|named| Lang::ALL.iter().map(move |lang| page(named).text(*lang)));
    texts.flat_map(|text| text.words.split(',')).any(|phrase| sorted(meant(phrase)) == asked)
}

/// At least one word that people use for it, and at least half of all the words that were asked.
fn is_about(weights: &[f64]) -> bool {
    let has = weights.iter().filter(|weight| **weight > 0.0).count();
    has * 2 >= weights.len() && weights.iter().any(|weight| *weight >= IN_TITLE)
}

/// A word on few pages tells more than one on many.
#[expect(clippy::cast_precision_loss, reason = "there are some dozens of pages")]
fn rarity(pages: usize, having: usize) -> f64 {
    if having == 0 { 0.0 } else { (1.0 + pages as f64 / having as f64).ln() }
}

struct Indexed {
    topic: Topic,
    /// What people say, each phrase as its words.
    phrases: Vec<Vec<String>>,
    title: Vec<String>,
    meaning: Vec<String>,
}

/// Every page, with the words of both languages.
fn shelf() -> impl Iterator<Item = Indexed> {
    let errors = pages().map(|named| {
        let texts = Lang::ALL.iter().map(|lang| page(named).text(*lang));
        let (mut phrases, mut title, mut meaning) = (vec![meant(named.id())], Vec::new(), Vec::new());
        phrases.extend(named.id().split_once('/').map(|(_, cause)| meant(cause)));
        for text in texts {
            phrases.extend(text.words.split(',').map(meant));
            title.extend(meant(text.title));
            meaning.extend(meant(text.meaning));
        }
        Indexed { topic: Topic::Error(Sighting::of(named)), phrases, title, meaning }
    });
    let ideas = concepts().iter().map(|(id, concept)| {
        let texts = Lang::ALL.iter().map(|lang| concept.text(*lang));
        let (mut phrases, mut title, mut meaning) = (vec![meant(id)], Vec::new(), Vec::new());
        for text in texts {
            phrases.extend(text.words.split(',').map(meant));
            title.extend(meant(text.title));
            meaning.extend(meant(text.meaning));
        }
        Indexed { topic: Topic::Concept(id, concept), phrases, title, meaning }
    });
    errors.chain(ideas)
}

impl Indexed {
    fn weight(&self, word: &str) -> f64 {
        let best = |words: &[String], weight: f64| {
            words.iter().map(|known| likeness(word, known) * weight).fold(0.0, f64::max)
        };
        let phrases = self.phrases.iter().map(|phrase| best(phrase, IN_WORDS)).fold(0.0, f64::max);
        phrases.max(best(&self.title, IN_TITLE)).max(best(&self.meaning, IN_MEANING))
    }

    /// More for each phrase that was said as a whole, and most when nothing else was said.
    #[expect(clippy::cast_precision_loss, reason = "a phrase has some words")]
    fn phrases_in(&self, asked: &[String]) -> f64 {
        let whole = |phrase: &&Vec<String>| {
            !phrase.is_empty()
                && phrase.iter().all(|word| asked.iter().any(|other| likeness(word, other) > 0.9))
        };
        let said = self.phrases.iter().filter(whole).map(|phrase| {
            let alone = if phrase.len() == asked.len() { 2.0 } else { 1.0 };
            phrase.len() as f64 * IN_WORDS * alone
        });
        said.fold(0.0, f64::max)
    }
}

/// The words that tell something, in lower case.
fn meant(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| !word.is_empty() && !IDLE.contains(&word.as_str()))
        .collect()
}

/// From 0 to 1: the same word, one with another ending, one misspelled.
fn likeness(word: &str, other: &str) -> f64 {
    let shorter = word.len().min(other.len());
    if word == other {
        1.0
    } else if shorter >= 4 && (word.starts_with(other) || other.starts_with(word)) {
        0.8
    } else if shorter >= 5
        && word.len().abs_diff(other.len()) <= 1
        && word.as_bytes()[..2] == other.as_bytes()[..2]
        && strsim::damerau_levenshtein(word, other) == 1
    {
        0.6
    } else {
        0.0
    }
}
