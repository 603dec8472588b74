//! What is wrong with a text, and where.

use std::fmt;

/// Something wrong at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes before it in the text.
    pub at: usize,
    /// What is wrong, and what was expected.
    pub what: String,
}

impl Mistake {
    /// A mistake at this place.
    pub fn new(at: usize, what: impl Into<String>) -> Self {
        Self { at, what: what.into() }
    }

    /// Where that is in `text`.
    pub fn place<'a>(&self, text: &'a str) -> Place<'a> {
        let mut at = self.at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        // A byte order mark is not seen, and nobody counts it.
        let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        at = at.max(mark);
        let begin = text[..at].rfind('\n').map_or(mark, |newline| newline + 1);
        let rest = &text[begin..];
        Place {
            line: text[..begin].matches('\n').count() + 1,
            column: text[begin..at].chars().count() + 1,
            text: rest.lines().next().unwrap_or_default(),
        }
    }
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// The line itself.
    pub text: &'a str,
}

impl fmt::Display for Place<'_> {
    /// The line with a caret under the place. A tab stays one, so that the caret stands under it; what would move a
    /// terminal's cursor is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = self.text.chars().take(self.column - 1);
        let blank: String = before.map(|letter| if letter == '\t' { '\t' } else { ' ' }).collect();
        let number = self.line.to_string();
        let seen = |letter: char| if letter.is_control() && letter != '\t' { '\u{fffd}' } else { letter };
        writeln!(f, "{number} | {}", self.text.chars().map(seen).collect::<String>())?;
        write!(f, "{} | {blank}^", " ".repeat(number.len()))
    }
}

/// All the mistakes of a text, so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// Notes one more.
    pub fn add(&mut self, at: usize, what: impl Into<String>) {
        self.0.push(Mistake::new(at, what));
    }

    /// `value` if there is no mistake, else all of them in the order of the text.
    pub fn or<T>(mut self, value: T) -> Result<T, Vec<Mistake>> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by_key(|mistake| mistake.at);
        Err(self.0)
    }

    /// As [`Self::or`], when there may be no value for want of anything to read.
    pub fn or_nothing<T>(self, value: Option<T>) -> Result<T, Vec<Mistake>> {
        self.or(value).and_then(|value| value.ok_or_else(|| vec![Mistake::new(0, "nothing there")]))
    }
}

impl Extend<Mistake> for Mistakes {
    fn extend<I: IntoIterator<Item = Mistake>>(&mut self, mistakes: I) {
        self.0.extend(mistakes);
    }
}
