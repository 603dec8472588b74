//! The socket call that failed, where the text names it.

use super::Passage;
use crate::failure::Op;

/// A call that was named, and whether only sockets have it: files are read and written too.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Called {
    pub call: Option<Op>,
    pub is_surely_of_sockets: bool,
}

/// Words that stand for a call, in lower case.
const WORDS: &[(&str, Op)] = &[
    ("connect", Op::Connect),
    ("connecting", Op::Connect),
    ("dial", Op::Connect),
    ("create_connection", Op::Connect),
    ("open_connection", Op::Connect),
    ("newconnectionerror", Op::Connect),
    ("connectexception", Op::Connect),
    ("socketconnect", Op::Connect),
    ("bind", Op::Bind),
    ("binding", Op::Bind),
    ("create_server", Op::Bind),
    ("start_server", Op::Bind),
    ("server_bind", Op::Bind),
    ("bindexception", Op::Bind),
    ("socketbind", Op::Bind),
    ("listen", Op::Listen),
    ("accept", Op::Accept),
    ("recv", Op::Receive),
    ("recvfrom", Op::Receive),
    ("recv_into", Op::Receive),
    ("receive", Op::Receive),
    ("read", Op::Receive),
    ("socketread", Op::Receive),
    ("sendmsg", Op::Send),
    ("recvmsg", Op::Receive),
    ("wsarecv", Op::Receive),
    ("wsasend", Op::Send),
    ("connectex", Op::Connect),
    ("fsockopen", Op::Connect),
    ("stream_socket_client", Op::Connect),
    ("setsockopt", Op::SetOption),
    ("send", Op::Send),
    ("sendto", Op::Send),
    ("sendall", Op::Send),
    ("write", Op::Send),
    ("getaddrinfo", Op::Resolve),
    ("lookup", Op::Resolve),
    ("gethostbyname", Op::Resolve),
];

/// The call of the error at byte `error` of its line: named before the error, nearest to it, or after it; else in
/// the source code of a traceback; else below, as Node and Java write it.
pub(super) fn find(passage: &Passage, error: usize) -> Called {
    let (before, after) = passage.line.split_at(error);
    let source = || passage.sources().find_map(called);
    let below = || passage.after().take_while(|line| is_detail(line)).find_map(|line| words(&line).next());
    let first = passage.line.split(": ").next().unwrap_or_default();
    let perror = IN_SOURCE.iter().find(|(known, _)| *known == first.trim_end_matches("()")).copied();
    // PHP says "Unable to connect" of servers too.
    let php = passage.line.contains("stream_socket_server(").then_some(("bind", Op::Bind));
    let own = perror.or(php).or_else(|| words(before).last()).or_else(|| words(after).next());
    if let Some((word, op)) = own.or_else(source) {
        return Called { call: Some(op), is_surely_of_sockets: !["read", "write"].contains(&word) };
    }
    Called { call: below().map(|(_, op)| op), is_surely_of_sockets: false }
}

fn words(text: &str) -> impl Iterator<Item = (&'static str, Op)> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    words.filter_map(|word| {
        let word = word.to_ascii_lowercase();
        let word = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        WORDS.iter().find(|(known, _)| *known == word).copied()
    })
}

/// Words that stand for a call in source code, and for other things elsewhere.
const IN_SOURCE: &[(&str, Op)] = &[("socket", Op::Socket), ("shutdown", Op::Shutdown)];

/// The call in a line of source code: a word with an opening parenthesis.
fn called(source: &str) -> Option<(&'static str, Op)> {
    source.split('(').rev().skip(1).find_map(|before| {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let word = before.rsplit(|letter| !is_part(letter)).next().unwrap_or_default();
        words(word).next().or_else(|| IN_SOURCE.iter().find(|(known, _)| *known == word).copied())
    })
}

/// `syscall: 'connect'` of Node, `at java.net.Socket.connect(…)` of Java.
fn is_detail(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("at ") || line.starts_with('}') || line.contains(": ") || line.ends_with('{')
}
