//! The shape of lessons. `build/page.rs` reads the same shape from `knowledge/lessons/`.

use crate::lang::Lang;
use serde::Serialize;

/// One of the three errors of the course's sixth question, to be walked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walkthrough {
    /// In English.
    pub en: Walk,
    /// In Indonesian.
    pub id: Walk,
}

/// A lesson in one language, in the order in which it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walk {
    /// A few words.
    pub title: &'static str,
    /// How the stage is set.
    pub intro: &'static str,
    /// What the student is asked.
    pub question: &'static str,
    /// What to take home.
    pub summary: &'static str,
    /// What the student may do.
    pub choices: &'static [Choice],
    /// The course's own answer, point by point.
    pub points: &'static [Point],
}

/// Something that a student may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The name by which the program knows it.
    pub choice: &'static str,
    /// What it is.
    pub label: &'static str,
    /// What its effect teaches.
    pub teaches: &'static str,
}

/// A point of the course's own answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// What it is about.
    pub part: Part,
    /// What the course says: its own words in Indonesian, translated in English.
    pub said: &'static str,
    /// Whether it holds.
    pub holds: Holds,
    /// What it does not say.
    pub leaves_out: &'static str,
}

/// What a point of an answer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Why the error comes.
    Cause,
    /// What to do about it.
    Handling,
}

/// Whether a point of an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// It does.
    Yes,
    /// Not always, or not by itself.
    Partly,
    /// It does not.
    No,
}

impl Walkthrough {
    /// In this language.
    pub fn text(&self, lang: Lang) -> &Walk {
        match lang {
            Lang::En => &self.en,
            Lang::Id => &self.id,
        }
    }
}

impl Walk {
    /// What is told of the choice of this name.
    pub fn choice(&self, name: &str) -> Option<&'static Choice> {
        self.choices.iter().find(|choice| choice.choice == name)
    }
}
