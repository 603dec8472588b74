//! The shape of the pages of experiments. `build/page.rs` reads the same shape from `knowledge/recover/`.

use crate::lang::Lang;

/// An experiment about recovery: what it asks, and what its cases and claims say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Names of the strategies that it is about.
    pub strategies: &'static [&'static str],
    /// Who wrote about it first.
    pub source: &'static str,
    /// In English.
    pub en: Told,
    /// In Indonesian.
    pub id: Told,
}

/// An experiment in one language, in the order in which it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// A few words.
    pub title: &'static str,
    /// One sentence.
    pub question: &'static str,
    /// Two sentences, to be read last.
    pub learn: &'static str,
    /// The world of each case, by its name.
    pub cases: &'static [(&'static str, &'static str)],
    /// Each claim by its name, with `{limit}` where the number stands that bounds it.
    pub claims: &'static [(&'static str, &'static str)],
}

impl Trial {
    /// In this language.
    pub fn text(&self, lang: Lang) -> &Told {
        match lang {
            Lang::En => &self.en,
            Lang::Id => &self.id,
        }
    }
}

impl Told {
    /// What the case of this name is.
    pub fn case(&self, name: &str) -> &'static str {
        words(self.cases, name)
    }

    /// What the claim of this name says, of this limit.
    pub fn claim(&self, name: &str, limit: &str) -> String {
        words(self.claims, name).replace("{limit}", limit)
    }
}

/// A test finds words for each.
fn words(pairs: &[(&'static str, &'static str)], name: &str) -> &'static str {
    pairs.iter().find(|(known, _)| *known == name).map_or("", |(_, words)| *words)
}
