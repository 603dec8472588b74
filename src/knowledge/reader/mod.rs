//! Finds the first network error in a text that someone pasted: a traceback, a log, what a program printed. What
//! stands nowhere in the text is not guessed.

mod address;
mod call;
mod error;
mod runtime;

use super::{Sighting, family_of};
use crate::failure::{Code, Op};
use crate::fault::Fault;
use error::Found;

/// Lines before and after the error that may tell of its call, its address and its runtime.
const NEAR: usize = 40;

/// The first network error in `text`; `None` when nothing in it is one. A text of any kind and size is taken, in
/// time linear to its length.
pub fn read(text: &str) -> Option<Sighting> {
    let lines: Vec<String> = text.lines().map(plain).collect();
    (0..lines.len()).find_map(|at| {
        let is_source = at > 0 && is_source_of(&lines[at], &lines[at - 1]);
        let found = error::find(&lines[at]).filter(|_| !is_source)?;
        sighting(&Passage { lines: &lines, at }, found)
    })
}

/// The error that the words of a message stand for.
pub(super) fn message(words: &str) -> Option<Sighting> {
    let found = error::phrase(&words.to_ascii_lowercase())?;
    Some(Sighting { code: found.code, family: found.family(), ..Sighting::default() })
}

/// The line of an error and those around it.
struct Passage<'a> {
    lines: &'a [String],
    at: usize,
}

impl<'a> Passage<'a> {
    fn line(&self) -> &'a str {
        &self.lines[self.at]
    }

    /// The lines of source code that a Python traceback shows, the innermost first.
    fn sources(&self) -> impl Iterator<Item = &'a str> {
        let first = self.at.saturating_sub(NEAR);
        let pairs = self.lines[first..self.at].windows(2).rev();
        pairs.filter(|pair| is_source_of(&pair[1], &pair[0])).map(|pair| pair[1].as_str())
    }

    fn after(&self) -> impl Iterator<Item = &'a str> {
        self.lines[self.at + 1..].iter().take(NEAR).map(String::as_str)
    }

    fn before(&self) -> impl Iterator<Item = &'a str> {
        self.lines[..self.at].iter().rev().take(NEAR).map(String::as_str)
    }
}

fn sighting(passage: &Passage, found: Found) -> Option<Sighting> {
    let call = call::find(passage, found.at);
    let is_datagram = passage.line().contains(" udp ");
    // EAGAIN has other meanings elsewhere, as when a process cannot be started.
    let is_again = found.code.is_some_and(|code| code.name == "EAGAIN");
    if is_again && call.is_none() && !passage.line().contains("BlockingIOError") {
        return None;
    }
    let is_refused = found.code.is_some_and(|code| code.name == "ECONNREFUSED");
    // A stream is refused in connect(2) and nowhere else; later calls report it only of datagrams, udp(7).
    let of_datagram = is_refused && (call == Some(Op::Receive) || (is_datagram && call != Some(Op::Connect)));
    Some(Sighting {
        code: found.code,
        family: found.family(),
        fault: of_datagram.then_some(Fault::UdpPortUnreachable),
        line: Some(passage.at + 1),
        call,
        address: address::find(passage),
        runtime: runtime::find(passage),
    })
}

impl Found {
    fn family(&self) -> Option<crate::fault::Family> {
        self.family.or_else(|| self.code.and_then(family_of))
    }
}

/// Whether `line` is the source code that a Python traceback shows below `frame`: it may mention errors without
/// meaning one.
fn is_source_of(line: &str, frame: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    frame.trim_start().starts_with("File \"") && indent(line) > indent(frame)
}

/// The line without colours (ECMA-48 control sequences), quote marks and the byte order mark.
fn plain(line: &str) -> String {
    let mut rest = line.trim_start_matches('\u{feff}').trim_end_matches('\r');
    while let Some(quoted) = rest.strip_prefix("> ") {
        rest = quoted;
    }
    let mut plain = String::with_capacity(rest.len());
    while let Some((before, sequence)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end =
            sequence.find(|letter: char| ('@'..='~').contains(&letter)).map_or(sequence.len(), |end| end + 1);
        rest = &sequence[end..];
    }
    plain + rest
}

/// Whether `code` is an error of sockets only. Others, such as EACCES, mean files as often.
fn is_of_sockets(code: &Code) -> bool {
    code.linux >= 88 || code.name == "EAGAIN"
}
