//! The error that a line names: by a number in a form that runtimes write, by a name, or by its message.

use super::context::is_report;
use super::messages::{MESSAGES, Means, NAMES};
use crate::failure::{Code, Platform, TABLE};
use crate::fault::Family;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// An error that a line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// What it means.
    pub means: Means,
    /// Its row, where the line tells it.
    pub code: Option<&'static Code>,
    /// The bytes of the line that name it.
    pub at: usize,
    /// Where they end.
    pub to: usize,
}

/// What stands before a number that a runtime prints, in lower case, and whose numbers they are.
const NUMBERED: &[(&str, Numbers)] = &[
    ("[errno ", Numbers::OfC),
    ("[winerror ", Numbers::OfWindows),
    ("os error ", Numbers::OfC),
    ("os { code: ", Numbers::OfC),
    ("error(", Numbers::OfC),
    ("socketexception (", Numbers::OfC),
    ("socketerrorcode: ", Numbers::OfC),
    ("errno: ", Numbers::OfC),
    ("errno=", Numbers::OfC),
    ("errno = ", Numbers::OfC),
    ("errno ", Numbers::OfC),
    ("failed (", Numbers::OfC),
    ("wsagetlasterror: ", Numbers::OfWindows),
    ("wsagetlasterror() = ", Numbers::OfWindows),
    ("wsa error ", Numbers::OfWindows),
    ("with error ", Numbers::OfWindows),
    ("wsastartup failed: ", Numbers::OfWindows),
    ("winsock error ", Numbers::OfWindows),
    ("socket error ", Numbers::OfWindows),
    ("socket error: ", Numbers::OfWindows),
    ("socket error # ", Numbers::OfWindows),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbers {
    /// The C library's, of whichever system; from 10000 on they are those of Windows Sockets.
    OfC,
    /// Of Windows.
    OfWindows,
}

#[derive(Clone, Copy, Debug)]
enum Pattern {
    /// Exactly these letters, as a word.
    Name(&'static str, Means),
    /// In any case of letters.
    Message(Means),
    Number(Numbers),
}

/// Everything that is looked for, in one automaton: a line is read once, however much is known.
static KNOWN: LazyLock<(AhoCorasick, Vec<Pattern>)> = LazyLock::new(|| {
    let names = NAMES.iter().map(|(name, means)| (*name, Pattern::Name(name, *means)));
    let codes = Code::all().flat_map(|code| {
        let wsa = code.wsa.map(|(wsa, _)| wsa).filter(|wsa| *wsa != code.name);
        [Some(code.name), wsa]
            .into_iter()
            .flatten()
            .map(|name| (name, Pattern::Name(name, Means::Errno(code.name))))
    });
    let again = [("EWOULDBLOCK", Pattern::Name("EWOULDBLOCK", Means::Errno("EAGAIN")))];
    let texts = Code::all().map(|code| (code.text, Pattern::Message(Means::Errno(code.name))));
    let messages = MESSAGES.iter().map(|(text, means)| (*text, Pattern::Message(*means)));
    let numbers = NUMBERED.iter().map(|(before, numbers)| (*before, Pattern::Number(*numbers)));
    let (texts, patterns): (Vec<&str>, Vec<Pattern>) =
        names.chain(codes).chain(again).chain(texts).chain(messages).chain(numbers).unzip();
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        .build(texts)
        .expect("the patterns are few and short");
    (automaton, patterns)
});

/// Whether anything at all that stands for an error is in these bytes.
pub(super) fn may_name_one(line: &str) -> bool {
    KNOWN.0.is_match(line)
}

/// The network error that `line` reports, if it reports one.
pub(super) fn find(line: &str) -> Option<Found> {
    best(line, |from, to| is_report(line, from, to))
}

/// The error that these words stand for, however they stand there.
pub(super) fn mentioned(words: &str) -> Option<Found> {
    best(words, |_, _| true)
}

/// The one that says most: a cause that is proved, else a number, else a name or a message of an errno, else one
/// that only tells the family. Of two that say as much the first, and of those the longer.
fn best(line: &str, is_report: impl Fn(usize, usize) -> bool) -> Option<Found> {
    let (automaton, patterns) = &*KNOWN;
    let mut named: Vec<Found> = Vec::new();
    let mut numbers = Vec::new();
    for found in automaton.find_overlapping_iter(line) {
        let (from, to) = (found.start(), found.end());
        match patterns[found.pattern().as_usize()] {
            Pattern::Number(whose) => numbers.extend(number(line, from, to, whose)),
            Pattern::Name(name, means) if &line[from..to] == name && is_word(line, from, to) => {
                named.extend(is_report(from, to).then(|| Found { means, code: means.code(), at: from, to }));
            }
            Pattern::Message(means) if is_apart(line, from, to) => {
                named.extend(is_report(from, to).then(|| Found { means, code: means.code(), at: from, to }));
            }
            _ => {}
        }
    }
    // A longer message says more than one that is a part of it.
    let whole = named.clone();
    named.retain(|part| !whole.iter().any(|other| other.is_longer_than(part)));
    let numbered = numbers.iter().find_map(|number| number.found(line, &named));
    named.into_iter().chain(numbered).min_by_key(|found| {
        let rank = match found.means {
            Means::Fault(_) => 0,
            Means::Errno(_) if Some(*found) == numbered => 1,
            Means::Errno(_) => 2,
            Means::Family(_) => 3,
        };
        (rank, found.at, usize::MAX - found.to)
    })
}

/// No letter or digit before it and after it.
fn is_word(line: &str, from: usize, to: usize) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    is_apart(line, from, to) && !line[..from].ends_with(is_part) && !line[to..].starts_with('.')
}

/// Not a part of a longer word.
fn is_apart(line: &str, from: usize, to: usize) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let joined_before = line[from..].starts_with(is_part) && line[..from].ends_with(is_part);
    let joined_after = line[..to].ends_with(is_part) && line[to..].starts_with(is_part);
    !joined_before && !joined_after
}

/// A number in a form that runtimes write.
#[derive(Clone, Copy, Debug)]
struct Number {
    value: i32,
    whose: Numbers,
    at: usize,
    to: usize,
}

fn number(line: &str, from: usize, before: usize, whose: Numbers) -> Option<Number> {
    let rest = &line[before..];
    let sign = usize::from(rest.starts_with('-'));
    let digits = rest[sign..].bytes().take_while(u8::is_ascii_digit).count();
    let value = rest[..sign + digits].parse().ok()?;
    Some(Number { value, whose, at: from, to: before + sign + digits })
}

impl Number {
    /// The error of this number; what is `named` beside it tells of which system it is.
    fn found(&self, line: &str, named: &[Found]) -> Option<Found> {
        let has_it = |code: &&Code| {
            let numbers = [self.value, -self.value];
            Platform::ALL
                .iter()
                .any(|platform| code.number(*platform).is_some_and(|own| numbers.contains(&own)))
        };
        let said = named.iter().filter_map(|found| found.code).find(has_it);
        let code = said.or_else(|| self.row(line))?;
        Some(Found { means: Means::Errno(code.name), code: Some(code), at: self.at, to: self.to })
    }

    /// Without words that are known beside it: Windows Sockets has numbers of its own, and so has Linux for errors
    /// of sockets. Other numbers stand for other things elsewhere.
    fn row(&self, line: &str) -> Option<&'static Code> {
        let resolver = || Code::all().find(|code| code.is_of_resolver() && code.linux == Some(self.value));
        if self.value < 0 && line.contains("gaierror") {
            return resolver();
        }
        let number = self.value.abs();
        if self.whose == Numbers::OfWindows || number >= 10_000 {
            return Code::all()
                .find(|code| code.number(Platform::Windows) == Some(number) && number >= 10_000);
        }
        TABLE.iter().find(|code| code.linux == Some(number) && code.is_of_sockets())
    }
}

impl Code {
    /// Whether only sockets give it. Others, such as EACCES, mean files as often.
    pub(super) fn is_of_sockets(&self) -> bool {
        let elsewhere = ["EOPNOTSUPP", "ECANCELED"].contains(&self.name);
        self.is_of_resolver()
            || self.wsa.is_some() && self.linux.is_none_or(|number| number >= 88) && !elsewhere
    }
}

impl Found {
    fn is_longer_than(&self, part: &Self) -> bool {
        self.at <= part.at && part.to <= self.to && self.to - self.at > part.to - part.at
    }

    /// The family of what it means.
    pub(super) fn family(&self) -> Family {
        match self.means {
            Means::Errno(_) => self.code.map_or(Family::Misuse, crate::knowledge::family_of),
            Means::Fault(fault) => fault.family(),
            Means::Family(family) => family,
        }
    }
}
