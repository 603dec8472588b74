//! What printed the error: told by marks that only one runtime writes.

use super::Passage;
use crate::knowledge::Runtime;

/// Marks on the line of the error itself.
const ON_THE_LINE: &[(&str, Runtime)] = &[
    ("curl: (", Runtime::Curl),
    ("java.", Runtime::Java),
    ("System.Net.", Runtime::Dotnet),
    ("SocketException (", Runtime::Dotnet),
    ("[Errno ", Runtime::Python),
    ("[WinError ", Runtime::Python),
    ("(os error ", Runtime::Rust),
    ("Os { code: ", Runtime::Rust),
    ("dial tcp", Runtime::Go),
    ("dial udp", Runtime::Go),
    ("listen tcp", Runtime::Go),
    ("listen udp", Runtime::Go),
    ("read tcp", Runtime::Go),
    ("read udp", Runtime::Go),
    ("write tcp", Runtime::Go),
    ("write udp", Runtime::Go),
    ("context deadline exceeded", Runtime::Go),
    ("Error: connect E", Runtime::Node),
    ("Error: listen E", Runtime::Node),
    ("Error: read E", Runtime::Node),
    ("Error: write E", Runtime::Node),
    ("Error: bind E", Runtime::Node),
    (" = -1 E", Runtime::C),
];

/// Marks on the lines around it, at their start.
const AROUND: &[(&str, Runtime)] = &[
    ("Traceback (most recent call last)", Runtime::Python),
    ("File \"", Runtime::Python),
    ("at java.", Runtime::Java),
    ("at System.Net.", Runtime::Dotnet),
    ("at node:", Runtime::Node),
    ("syscall: '", Runtime::Node),
    ("goroutine ", Runtime::Go),
    ("thread 'main' panicked", Runtime::Rust),
];

/// Calls that a C program names before the text of its error, perror(3).
const PERROR: &[&str] =
    &["socket", "bind", "listen", "accept", "connect", "send", "sendto", "recv", "recvfrom"];

pub(super) fn find(passage: &Passage) -> Option<Runtime> {
    let line = passage.line.as_str();
    let on_it = ON_THE_LINE.iter().find(|(mark, _)| line.contains(mark));
    let around = || {
        let near = passage.before().map(str::to_owned).chain(passage.after());
        near.into_iter().find_map(|near| AROUND.iter().find(|(mark, _)| near.trim_start().starts_with(mark)))
    };
    on_it.or_else(around).map(|(_, runtime)| *runtime).or_else(|| is_perror(line).then_some(Runtime::C))
}

fn is_perror(line: &str) -> bool {
    line.trim().split_once(": ").is_some_and(|(call, _)| PERROR.contains(&call.trim_end_matches("()")))
}
