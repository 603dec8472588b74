//! The error that a line names: by its symbol, by a number in a form that a runtime writes, or by its message.

use super::is_of_sockets;
use crate::failure::{Code, Platform, TABLE};
use crate::fault::Family;
use std::sync::LazyLock;

/// An error that a line names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its row, where the line tells it.
    pub code: Option<&'static Code>,
    /// What the words mean when they stand for no single errno.
    pub family: Option<Family>,
    /// The byte of the line at which it is named.
    pub at: usize,
}

/// What stands before a number that a runtime prints, and whose numbers they are.
const NUMBERED: &[(&str, Numbers)] = &[
    ("[errno ", Numbers::OfC),
    ("[winerror ", Numbers::OfWindows),
    ("os error ", Numbers::OfC),
    ("os { code: ", Numbers::OfC),
    ("socketexception (", Numbers::OfC),
    ("socketerrorcode: ", Numbers::OfC),
    ("errno: ", Numbers::OfC),
    ("errno=", Numbers::OfC),
    ("errno ", Numbers::OfC),
    ("failed (", Numbers::OfC),
    ("wsagetlasterror: ", Numbers::OfWindows),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbers {
    /// The C library's, of whichever system; from 10000 on they are those of Windows Sockets.
    OfC,
    /// Of Windows.
    OfWindows,
}

/// Messages that are not the table's own, in lower case, and the errno or the family that they mean.
const MESSAGES: &[(&str, Means)] = &[
    ("connection refused", Means::Errno("ECONNREFUSED")),
    ("connectionrefused", Means::Errno("ECONNREFUSED")),
    ("actively refused it", Means::Errno("ECONNREFUSED")),
    // Of other hosts curl says the same when no route leads there.
    ("curl: (7) failed to connect to 127.", Means::Family(Family::ConnectionRefused)),
    ("curl: (7) failed to connect to ::1 ", Means::Family(Family::ConnectionRefused)),
    ("curl: (7) failed to connect to localhost ", Means::Family(Family::ConnectionRefused)),
    ("koneksi ditolak", Means::Errno("ECONNREFUSED")),
    ("sambungan ditolak", Means::Errno("ECONNREFUSED")),
    ("address in use", Means::Errno("EADDRINUSE")),
    ("addrinuse", Means::Errno("EADDRINUSE")),
    ("only one usage of each socket address", Means::Errno("EADDRINUSE")),
    ("alamat telah digunakan", Means::Errno("EADDRINUSE")),
    ("alamat sudah digunakan", Means::Errno("EADDRINUSE")),
    ("alamat sudah dipakai", Means::Errno("EADDRINUSE")),
    ("port is already allocated", Means::Family(Family::AddressInUse)),
    ("did not properly respond after a period of time", Means::Errno("ETIMEDOUT")),
    ("koneksi kehabisan waktu", Means::Errno("ETIMEDOUT")),
    ("timed out", Means::Family(Family::Timeout)),
    ("i/o timeout", Means::Family(Family::Timeout)),
    ("deadline exceeded", Means::Family(Family::Timeout)),
    ("batas waktu habis", Means::Family(Family::Timeout)),
    ("connection reset by peer", Means::Errno("ECONNRESET")),
    ("koneksi direset oleh peer", Means::Errno("ECONNRESET")),
    ("jaringan tidak dapat dicapai", Means::Errno("ENETUNREACH")),
    ("tidak ada rute ke host", Means::Errno("EHOSTUNREACH")),
];

#[derive(Clone, Copy)]
enum Means {
    Errno(&'static str),
    Family(Family),
}

/// Exceptions of Python that may stand alone at the start of a line.
const EXCEPTIONS: &[(&str, Means)] = &[
    ("ConnectionRefusedError", Means::Errno("ECONNREFUSED")),
    ("ConnectionResetError", Means::Errno("ECONNRESET")),
    ("ConnectionAbortedError", Means::Errno("ECONNABORTED")),
    ("BlockingIOError", Means::Errno("EAGAIN")),
    ("TimeoutError", Means::Family(Family::Timeout)),
    ("asyncio.exceptions.TimeoutError", Means::Family(Family::Timeout)),
];

/// The network error that `line` names, if it names one.
pub(super) fn find(line: &str) -> Option<Found> {
    let lower = line.to_ascii_lowercase();
    if let Some(found) = symbol(line) {
        return Some(found);
    }
    if let Some((number, numbers, at)) = number(&lower) {
        let said = phrase(&lower).and_then(|found| found.code);
        let code = row(number, numbers, said)?;
        return is_of_sockets(code).then_some(Found { code: Some(code), family: None, at });
    }
    phrase(&lower).or_else(|| exception(line))
}

/// Every message in lower case: the table's own and the others.
static PHRASES: LazyLock<Vec<(String, Means)>> = LazyLock::new(|| {
    let texts = TABLE.iter().filter(|code| is_of_sockets(code));
    let own = texts.map(|code| (code.text.to_ascii_lowercase(), Means::Errno(code.name)));
    own.chain(MESSAGES.iter().map(|(words, means)| ((*words).to_owned(), *means))).collect()
});

/// The error whose message stands in `lower`: one with an errno if there is one, else the first; of two that begin
/// at one place the longer.
pub(super) fn phrase(lower: &str) -> Option<Found> {
    PHRASES
        .iter()
        .filter_map(|(words, means)| Some((lower.find(words.as_str())?, words.len(), means)))
        .min_by_key(|(at, length, means)| (matches!(means, Means::Family(_)), *at, usize::MAX - length))
        .map(|(at, _, means)| means.at(at))
}

/// A symbol such as `ECONNREFUSED` as a word; after a dot or a colon it is part of somebody's source code.
fn symbol(line: &str) -> Option<Found> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut start = None;
    for (at, letter) in line.char_indices().chain([(line.len(), ' ')]) {
        match (start, is_part(letter)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let word = &line[from..at];
                let is_code = line[..from].ends_with(['.', '$']) || line[..from].ends_with("::");
                let is_symbol = (word.starts_with('E') || word.starts_with("WSA")) && word.len() > 4;
                let is_upper = !word.contains(|letter: char| letter.is_lowercase());
                let code =
                    Code::named(word).filter(|code| is_symbol && is_upper && !is_code && is_of_sockets(code));
                if code.is_some() {
                    return Some(Found { code, family: None, at: from });
                }
                start = None;
            }
            _ => {}
        }
    }
    None
}

/// The first number that stands in a form that a runtime writes.
fn number(lower: &str) -> Option<(i32, Numbers, usize)> {
    NUMBERED.iter().find_map(|(before, numbers)| {
        let at = lower.find(before)?;
        let rest = lower[at + before.len()..].trim_start_matches('-');
        let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
        Some((digits.parse().ok()?, *numbers, at))
    })
}

/// The error of this number; what was `said` beside it tells of which system.
fn row(number: i32, numbers: Numbers, said: Option<&'static Code>) -> Option<&'static Code> {
    let has_it = |code: &&Code| Platform::ALL.iter().any(|platform| code.number(*platform) == Some(number));
    if let Some(said) = said.filter(has_it) {
        return Some(said);
    }
    match numbers {
        Numbers::OfWindows => Code::numbered(Platform::Windows, number),
        Numbers::OfC if number >= 10_000 => Code::numbered(Platform::Windows, number),
        Numbers::OfC => {
            Code::numbered(Platform::Linux, number).or_else(|| Code::numbered(Platform::Macos, number))
        }
    }
}

fn exception(line: &str) -> Option<Found> {
    let line = line.trim();
    let (_, means) = EXCEPTIONS.iter().find(|(name, _)| {
        line.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(": "))
    })?;
    Some(means.at(0))
}

impl Means {
    fn at(self, at: usize) -> Found {
        match self {
            Self::Errno(name) => Found { code: Code::named(name), family: None, at },
            Self::Family(family) => Found { code: None, family: Some(family), at },
        }
    }
}
