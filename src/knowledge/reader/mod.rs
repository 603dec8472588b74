//! Finds the first network error in a text that someone pasted: a traceback, a log, what a program printed. What
//! stands nowhere in the text is not guessed, and a text that only speaks of errors reports none.

mod address;
mod call;
mod context;
mod error;
mod lines;
mod messages;
mod runtime;

pub use lines::Lines;

use super::Sighting;
use crate::failure::Op;
use crate::fault::{Fault, Named};
use call::Called;
use error::Found;
use messages::Means;
use std::collections::VecDeque;

/// Lines before and after the error that may tell of its call, its address and its runtime.
const NEAR: usize = 40;
/// Of these lines so many bytes are kept.
const KEPT: usize = 4096;

/// The first network error in `lines`; `None` when nothing in them is one. Reads no further than it has to, in
/// time linear to the length, and keeps some dozens of lines.
pub fn read(lines: impl IntoIterator<Item = String>) -> Option<Sighting> {
    let mut lines = lines.into_iter();
    let mut passage = Passage::default();
    loop {
        let line = passage.ahead.pop_front().or_else(|| lines.next())?;
        passage.advance(&line);
        if !error::may_name_one(&passage.line) || passage.is_source() {
            continue;
        }
        let Some(found) = error::find(&passage.line) else { continue };
        while passage.ahead.len() < NEAR {
            let Some(next) = lines.next() else { break };
            passage.ahead.push_back(next);
        }
        let sighting = sighting(&passage, &found);
        if sighting.is_some() {
            return sighting;
        }
    }
}

/// The error that the words of a message stand for.
pub(super) fn message(words: &str) -> Option<Sighting> {
    error::mentioned(words).map(|found| found.sighting())
}

/// Whether these words are the message of an error, and nothing else.
pub(super) fn is_message(words: &str) -> bool {
    error::mentioned(words).is_some_and(|found| (found.at, found.to) == (0, words.len()))
}

/// The line that is read, and those around it.
#[derive(Default)]
struct Passage {
    /// The nearest last.
    behind: VecDeque<String>,
    line: String,
    /// As they came.
    ahead: VecDeque<String>,
    /// Of the line, from 1.
    number: usize,
}

impl Passage {
    fn advance(&mut self, next: &str) {
        if self.number > 0 {
            if self.behind.len() == NEAR {
                self.behind.pop_front();
            }
            let mut line = std::mem::take(&mut self.line);
            line.truncate(up_to(&line, KEPT).len());
            self.behind.push_back(line);
        }
        self.line = plain(next);
        self.number += 1;
    }

    /// Whether the line is source code that a traceback or a diff shows: it may mention errors without meaning one.
    fn is_source(&self) -> bool {
        let Some(before) = self.behind.back() else { return false };
        let is_diff = self.line.starts_with(['+', '-', ' '])
            && self.behind.iter().any(|line| line.starts_with("@@ ") && line[3..].contains(" @@"));
        is_diff || is_source_of(&self.line, before)
    }

    /// The lines of source code that a Python traceback shows, the innermost first.
    fn sources(&self) -> impl Iterator<Item = &str> {
        let behind = || self.behind.iter().rev().map(String::as_str);
        behind().zip(behind().skip(1)).filter(|(line, frame)| is_source_of(line, frame)).map(|(line, _)| line)
    }

    fn before(&self) -> impl Iterator<Item = &str> {
        self.behind.iter().rev().map(String::as_str)
    }

    fn after(&self) -> impl Iterator<Item = String> {
        self.ahead.iter().map(|line| plain(up_to(line, KEPT)))
    }
}

fn sighting(passage: &Passage, found: &Found) -> Option<Sighting> {
    let line = passage.line.as_str();
    let Called { call, is_surely_of_sockets } = call::find(passage, found.at);
    let address = address::find(passage, found.at);
    let is_ambiguous = found.code.is_some_and(|code| !code.is_of_sockets());
    let is_network = is_surely_of_sockets
        || (address.is_some() && call.is_some())
        || line.contains("socket")
        || line.contains("kind: WouldBlock")
        || line.contains("BlockingIOError: [")
        || passage.before().take(3).any(|frame| frame.contains("/socket.py\", line "));
    let named = found.sighting();
    if is_ambiguous && !(is_network || found.is_windows(line)) || is_of_file(line, found) {
        return None;
    }
    // How strace(1) shows that a connect has begun.
    if line.contains(" = -1 EINPROGRESS") || !refuses(line, address.as_deref()) {
        return None;
    }
    // Text that is not UTF-8 comes out of files as often.
    if found.means == Means::Fault(Fault::NotUtf8) && call != Some(Op::Receive) {
        return None;
    }
    // A stream is refused in connect(2) and nowhere else; later calls report it only of datagrams, udp(7).
    let is_refused = found.code.is_some_and(|code| code.name == "ECONNREFUSED");
    let is_datagram = line.contains(" udp ") || line.contains("DatagramSocket");
    let of_datagram = is_refused && (call == Some(Op::Receive) || (is_datagram && call != Some(Op::Connect)));
    Some(Sighting {
        fault: if of_datagram { Some(Fault::UdpPortUnreachable) } else { named.fault },
        line: Some(passage.number),
        call,
        address,
        runtime: runtime::find(passage),
        ..named
    })
}

/// curl's and git's words for a connect that failed are those of a refusal where no route can be missing.
fn refuses(line: &str, address: Option<&str>) -> bool {
    let is_here = |address: &str| ["127.", "localhost:", "[::1]:"].iter().any(|own| address.starts_with(own));
    !line.contains("Couldn't connect to server") || address.is_some_and(is_here)
}

impl Found {
    fn sighting(&self) -> Sighting {
        let named = match self.means {
            Means::Fault(fault) => Named::Fault(fault),
            _ => Named::Family(self.family()),
        };
        Sighting { code: self.code, ..Sighting::of(named) }
    }

    /// A number or a name of Windows Sockets is of sockets, whatever its namesake in C is.
    fn is_windows(&self, line: &str) -> bool {
        let said = &line[self.at..self.to];
        said.starts_with("WSA") || said.contains("100") || said.contains("socket in a way")
    }
}

/// `Permission denied: 'notes.txt'`: the error of a file.
fn is_of_file(line: &str, found: &Found) -> bool {
    let rest = &line[found.to..];
    let is_quoted =
        |mark: &str| rest.split_once(mark).is_some_and(|(_, name)| !name.starts_with(char::is_numeric));
    found.code.is_some_and(|code| !code.is_of_sockets())
        && (is_quoted(": '")
            || is_quoted(", open '")
            || line.contains("<stdout>")
            || line.contains("write error"))
}

/// Whether `line` is source code that a Python traceback shows below `frame`. Each may stand behind the same prefix
/// of a log.
fn is_source_of(line: &str, frame: &str) -> bool {
    let Some(at) = frame.find("File \"").filter(|_| frame.contains("\", line ")) else { return false };
    let indented = line.get(at..).is_some_and(|rest| rest.starts_with("  ") && !rest.trim().is_empty());
    indented && !line.contains("File \"")
}

/// At most so many bytes of the line, in whole letters.
fn up_to(line: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(line.len())).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
    &line[..end]
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
