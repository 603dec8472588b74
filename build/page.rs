//! The shape of the TOML files. Each type prints itself, by `Debug`, as the Rust value of the same name in
//! `src/knowledge/page.rs`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// A fault or a family: why it happens, and what to do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
pub(crate) struct Page {
    /// The errors by which it shows itself; none when no call fails.
    errnos: Items<Words>,
    related: List<Words>,
    diagnose: Option<Words>,
    python: Words,
    rust: Words,
    en: Text,
    id: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
struct Text {
    title: Words,
    words: Words,
    meaning: Words,
    proves: Words,
    does_not_prove: Words,
    causes: List<Cause>,
    useless: Words,
    retry: Words,
    platforms: Words,
    lesson: Option<Lesson>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, clippy::struct_field_names, reason = "read by `Debug`, which prints the code")]
struct Cause {
    cause: Words,
    check: Words,
    fix: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
struct Lesson {
    stage: Words,
    naive: Words,
    recovery: Words,
    #[serde(default)]
    checks: Pairs,
}

/// An idea of the course module.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
pub(crate) struct Concept {
    related: List<Words>,
    en: Idea,
    id: Idea,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
struct Idea {
    title: Words,
    words: Words,
    meaning: Words,
    text: Words,
}

/// A recovery strategy: where it helps, and where it harms.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
pub(crate) struct Remedy {
    source: Words,
    en: Effect,
    id: Effect,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
struct Effect {
    title: Words,
    does: Words,
    helps: Words,
    harms: Words,
}

/// An experiment about recovery: what it asks, what its cases and claims say, and what there is to learn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Trial {
    #[expect(dead_code, reason = "read by `Debug`, which prints the code")]
    strategies: List<Words>,
    #[expect(dead_code, reason = "read by `Debug`, which prints the code")]
    source: Words,
    en: Told,
    id: Told,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
struct Told {
    title: Words,
    question: Words,
    learn: Words,
    cases: Pairs,
    claims: Pairs,
}

/// One of the three errors of the course's sixth question, to be walked through.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Walkthrough {
    en: Walk,
    id: Walk,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
struct Walk {
    title: Words,
    intro: Words,
    question: Words,
    summary: Words,
    choices: List<Choice>,
    points: List<Point>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, clippy::struct_field_names, reason = "read by `Debug`, which prints the code")]
struct Choice {
    choice: Words,
    label: Words,
    teaches: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by `Debug`, which prints the code")]
struct Point {
    part: Part,
    said: Words,
    holds: Holds,
    leaves_out: Words,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Part {
    Cause,
    Handling,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Holds {
    Yes,
    Partly,
    No,
}

/// Which page explains an error, and what sets the error apart where the page is mainly about another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    page: Words,
    en: Option<Words>,
    id: Option<Words>,
}

/// The words around pages and reports.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Glossary {
    en: Terms,
    id: Terms,
}

macro_rules! terms {
    ($($term:ident),+ $(,)?) => {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "read by `Debug`, which prints the code")]
        struct Terms { $( $term: Words, )+ }
    };
}
include!("../src/knowledge/terms.in");

impl Page {
    /// The error that the page is mainly about.
    pub(crate) fn lead(&self) -> String {
        self.errnos.0.first().map(|code| code.0.clone()).unwrap_or_default()
    }

    /// The sample of Rust as a function.
    pub(crate) fn sample(&self, id: &str) -> String {
        let name = id.replace(['/', '-'], "_");
        format!(
            "fn {name}(address: std::net::SocketAddr) -> std::io::Result<()> {{\n{}\nOk(())\n}}\n",
            self.rust.0
        )
    }

    /// A page that tells what happens when its fault is reproduced tells it in both languages.
    pub(crate) fn tells_both(&self) -> Result<(), String> {
        match (&self.en.lesson, &self.id.lesson) {
            (Some(_), None) => Err("[id.lesson] is missing".to_owned()),
            (None, Some(_)) => Err("[en.lesson] is missing".to_owned()),
            _ => Ok(()),
        }
    }
}

impl Walkthrough {
    /// Both languages offer the same choices and judge the same points alike.
    pub(crate) fn tells_both_alike(&self) -> Result<(), String> {
        let choices = |walk: &Walk| walk.choices.0.iter().map(|choice| choice.choice.0.clone()).collect();
        let (en, id): (Vec<String>, Vec<String>) = (choices(&self.en), choices(&self.id));
        if en != id {
            return Err(format!("the choices under [en] are {en:?}, under [id] {id:?}"));
        }
        let points = |walk: &Walk| walk.points.0.iter().map(|point| (point.part, point.holds)).collect();
        let (en, id): (Vec<_>, Vec<_>) = (points(&self.en), points(&self.id));
        if en == id { Ok(()) } else { Err(format!("the points under [en] are {en:?}, under [id] {id:?}")) }
    }
}

impl Trial {
    /// Both languages tell of the same cases and claims, and every claim of the number that bounds it.
    pub(crate) fn tells_both_alike(&self) -> Result<(), String> {
        let keys = |pairs: &Pairs| pairs.0.keys().cloned().collect::<Vec<_>>();
        for (table, en, id) in
            [("cases", &self.en.cases, &self.id.cases), ("claims", &self.en.claims, &self.id.claims)]
        {
            let (en, id) = (keys(en), keys(id));
            if en != id {
                return Err(format!("[en.{table}] has {en:?}, [id.{table}] has {id:?}"));
            }
        }
        for (lang, told) in [("en", &self.en), ("id", &self.id)] {
            let without = told.claims.0.iter().find(|(_, words)| words.0.matches("{limit}").count() != 1);
            if let Some((key, _)) = without {
                return Err(format!("[{lang}.claims] {key}: expected {{limit}}, once"));
            }
        }
        Ok(())
    }
}

impl Entry {
    /// What sets the error apart is told in both languages, or in none; and always where another error stands first
    /// on the page. `lead` is the first error of each page.
    pub(crate) fn is_whole(&self, code: &str, lead: impl Fn(&str) -> Option<String>) -> Result<(), String> {
        let first = lead(&self.page.0).ok_or_else(|| format!("no page {:?}", self.page.0))?;
        match (&self.en, &self.id) {
            (Some(_), Some(_)) => Ok(()),
            (None, None) if first == code => Ok(()),
            (None, None) => Err(format!("`en` and `id` are missing: {} is about {first}", self.page.0)),
            (Some(_), None) => Err("`id` is missing".to_owned()),
            (None, Some(_)) => Err("`en` is missing".to_owned()),
        }
    }
}

impl Glossary {
    /// The two sets of terms.
    pub(crate) fn code(&self) -> String {
        format!(
            "pub(super) static EN: Terms = {:?};\npub(super) static ID: Terms = {:?};\n",
            self.en, self.id
        )
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cause => "Part::Cause",
            Self::Handling => "Part::Handling",
        })
    }
}

impl fmt::Debug for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yes => "Holds::Yes",
            Self::Partly => "Holds::Partly",
            Self::No => "Holds::No",
        })
    }
}

/// Text that is there.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Words(String);

impl TryFrom<String> for Words {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let text = text.trim_end().to_owned();
        if text.is_empty() { Err("must not be empty") } else { Ok(Self(text)) }
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Any number of things.
#[derive(Deserialize)]
#[serde(transparent, bound = "T: Deserialize<'de>")]
struct Items<T>(Vec<T>);

impl<T: fmt::Debug> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "&{:?}", self.0)
    }
}

/// One or more things.
#[derive(Deserialize)]
#[serde(try_from = "Vec<T>", bound = "T: Deserialize<'de>")]
struct List<T>(Vec<T>);

impl<T> TryFrom<Vec<T>> for List<T> {
    type Error = &'static str;

    fn try_from(items: Vec<T>) -> Result<Self, &'static str> {
        if items.is_empty() { Err("must not be empty") } else { Ok(Self(items)) }
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "&{:?}", self.0)
    }
}

/// Words by name; there may be none.
#[derive(Default, Deserialize)]
#[serde(transparent)]
struct Pairs(BTreeMap<String, Words>);

impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "&")?;
        f.debug_list().entries(&self.0).finish()
    }
}
