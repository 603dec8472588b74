//! The shape of pages. `build/page.rs` reads the same shape from TOML.

use crate::lang::Lang;
use serde::Serialize;

/// A fault or a family: why it happens, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Names of the errors by which it shows itself, the main one first; none when no call fails.
    pub errnos: &'static [&'static str],
    /// Ids of pages to read on.
    pub related: &'static [&'static str],
    /// What to give `netfault diagnose` to look at one's own; none where no look from outside shows it.
    pub diagnose: Option<&'static str>,
    /// A few lines of Python that handle it.
    pub python: &'static str,
    /// A few lines of Rust that handle it.
    pub rust: &'static str,
    /// In English.
    pub en: Text,
    /// In Indonesian.
    pub id: Text,
}

/// A page in one language, in the order in which it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// A few words.
    pub title: &'static str,
    /// Words by which people look for it, separated by commas.
    #[serde(skip)]
    pub words: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// What is certain when it is seen.
    pub proves: &'static str,
    /// What is not.
    pub does_not_prove: &'static str,
    /// Most likely first.
    pub causes: &'static [Cause],
    /// What does not help.
    pub useless: &'static str,
    /// Whether and how to try again.
    pub retry: &'static str,
    /// What differs between platforms.
    pub platforms: &'static str,
    /// What happens when it is reproduced; faults that can be made to happen have it.
    #[serde(skip)]
    pub lesson: Option<Lesson>,
}

/// One cause, how to tell it from the others, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The cause.
    pub cause: &'static str,
    /// A check, and what it shows when this is the cause.
    pub check: &'static str,
    /// What to do then.
    pub fix: &'static str,
}

/// What happens when a fault is reproduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// How the stage is set.
    pub stage: &'static str,
    /// What the naive program meets, and why.
    pub naive: &'static str,
    /// What the hardened one does, and why it works.
    pub recovery: &'static str,
    /// What else has to hold, by the name of the check.
    pub checks: &'static [(&'static str, &'static str)],
}

/// Which page explains an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id of a fault or a family.
    pub page: &'static str,
    /// What sets the error apart, where the page is mainly about another; in English.
    pub en: Option<&'static str>,
    /// In Indonesian.
    pub id: Option<&'static str>,
}

/// An idea of the course module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concept {
    /// Ids of pages to read on.
    pub related: &'static [&'static str],
    /// In English.
    pub en: Idea,
    /// In Indonesian.
    pub id: Idea,
}

/// An idea in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Idea {
    /// A few words.
    pub title: &'static str,
    /// Words by which people look for it, separated by commas.
    #[serde(skip)]
    pub words: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// The rest, with drawings.
    pub text: &'static str,
}

/// A recovery strategy: where it helps, and where it harms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// Where its formula and its defaults are published.
    pub source: &'static str,
    /// In English.
    pub en: Effect,
    /// In Indonesian.
    pub id: Effect,
}

/// A strategy in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// A few words.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub does: &'static str,
    /// When it helps.
    pub helps: &'static str,
    /// When it harms.
    pub harms: &'static str,
}

macro_rules! terms {
    ($($term:ident),+ $(,)?) => {
        /// The words around pages and reports; `knowledge/terms.toml` shows where each stands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the words stand in knowledge/terms.toml")]
        pub struct Terms { $( pub $term: &'static str, )+ }
    };
}
include!("terms.in");

impl Page {
    /// In this language.
    pub fn text(&self, lang: Lang) -> &Text {
        match lang {
            Lang::En => &self.en,
            Lang::Id => &self.id,
        }
    }
}

impl Entry {
    /// What sets the error apart, in this language.
    pub fn text(&self, lang: Lang) -> Option<&'static str> {
        match lang {
            Lang::En => self.en,
            Lang::Id => self.id,
        }
    }
}

impl Lesson {
    /// What the check of this name looks at.
    pub fn check(&self, name: &str) -> Option<&'static str> {
        self.checks.iter().find(|(known, _)| *known == name).map(|(_, words)| *words)
    }
}

impl Remedy {
    /// In this language.
    pub fn text(&self, lang: Lang) -> &Effect {
        match lang {
            Lang::En => &self.en,
            Lang::Id => &self.id,
        }
    }
}

impl Concept {
    /// In this language.
    pub fn text(&self, lang: Lang) -> &Idea {
        match lang {
            Lang::En => &self.en,
            Lang::Id => &self.id,
        }
    }
}
