//! What printed the error: told by marks that only one runtime writes.

use super::Passage;
use crate::knowledge::Runtime;

/// Marks on the line of the error itself.
const ON_THE_LINE: &[(&str, Runtime)] = &[
    ("curl: (", Runtime::Curl),
    ("psql: ", Runtime::Psql),
    ("connection to server at \"", Runtime::Psql),
    ("Could not connect to Redis", Runtime::Redis),
    ("kex_exchange_identification", Runtime::Ssh),
    ("fatal: unable to ", Runtime::Git),
    ("[emerg] ", Runtime::Nginx),
    (" upstream: \"", Runtime::Nginx),
    ("PHP Warning", Runtime::Php),
    ("PHP Fatal error", Runtime::Php),
    ("php_network_getaddresses", Runtime::Php),
    ("(Errno::", Runtime::Ruby),
    (".rb:", Runtime::Ruby),
    (".pl line ", Runtime::Perl),
    ("Error response from daemon", Runtime::Docker),
    ("systemd[", Runtime::Systemd),
    ("net::ERR_", Runtime::Chrome),
    ("DNS_PROBE_", Runtime::Chrome),
    ("java.", Runtime::Java),
    ("System.Net.", Runtime::Dotnet),
    ("SocketException (", Runtime::Dotnet),
    ("[Errno ", Runtime::Python),
    ("[WinError ", Runtime::Python),
    ("httpx.", Runtime::Python),
    ("requests.exceptions.", Runtime::Python),
    ("urllib3.", Runtime::Python),
    ("(os error ", Runtime::Rust),
    ("Os { code: ", Runtime::Rust),
    ("failed to lookup address information", Runtime::Rust),
    ("dial tcp", Runtime::Go),
    ("dial udp", Runtime::Go),
    ("listen tcp", Runtime::Go),
    ("listen udp", Runtime::Go),
    ("accept tcp", Runtime::Go),
    ("read tcp", Runtime::Go),
    ("read udp", Runtime::Go),
    ("write tcp", Runtime::Go),
    ("write udp", Runtime::Go),
    ("Get \"http", Runtime::Go),
    ("Post \"http", Runtime::Go),
    ("context deadline exceeded", Runtime::Go),
    ("Error: connect E", Runtime::Node),
    ("Error: listen E", Runtime::Node),
    ("Error: read E", Runtime::Node),
    ("Error: write E", Runtime::Node),
    ("Error: bind E", Runtime::Node),
    ("Error: getaddrinfo E", Runtime::Node),
    ("Error: socket hang up", Runtime::Node),
    (" = -1 E", Runtime::C),
];

/// Marks on the lines around it, at their start.
const AROUND: &[(&str, Runtime)] = &[
    ("Traceback (most recent call last)", Runtime::Python),
    ("File \"", Runtime::Python),
    ("at java.", Runtime::Java),
    ("at System.Net.", Runtime::Dotnet),
    ("at node:", Runtime::Node),
    ("node:", Runtime::Node),
    ("Node.js v", Runtime::Node),
    ("syscall: '", Runtime::Node),
    ("goroutine ", Runtime::Go),
    ("thread 'main' ", Runtime::Rust),
    ("Cloning into '", Runtime::Git),
    ("--20", Runtime::Wget),
];

/// Calls that a C program names before the text of its error, perror(3).
const PERROR: &[&str] =
    &["socket", "bind", "listen", "accept", "connect", "send", "sendto", "recv", "recvfrom", "getaddrinfo"];

pub(super) fn find(passage: &Passage) -> Option<Runtime> {
    let line = passage.line.as_str();
    let on_it = ON_THE_LINE.iter().find(|(mark, _)| line.contains(mark));
    let around = || {
        let near = passage.before().map(str::to_owned).chain(passage.after());
        near.into_iter().find_map(|near| AROUND.iter().find(|(mark, _)| near.trim_start().starts_with(mark)))
    };
    on_it
        .map(|(_, runtime)| *runtime)
        .or_else(|| is_program(line))
        .or_else(|| around().map(|(_, runtime)| *runtime))
        .or_else(|| is_perror(line).then_some(Runtime::C))
}

/// `connect: Connection refused`, perhaps with more before it.
fn is_perror(line: &str) -> bool {
    let segments: Vec<&str> = line.trim().split(": ").collect();
    let calls = &segments[..segments.len() - 1];
    calls.last().is_some_and(|call| PERROR.contains(&call.trim_end_matches("()")))
}

/// Programs that begin each of their lines with their name, and what wget writes before it asks.
fn is_program(line: &str) -> Option<Runtime> {
    let starts = |mark: &str| line.trim_start().starts_with(mark);
    [
        ("ssh: ", Runtime::Ssh),
        ("wget: ", Runtime::Wget),
        ("git: ", Runtime::Git),
        ("nginx: ", Runtime::Nginx),
        ("docker: ", Runtime::Docker),
        ("Connecting to ", Runtime::Wget),
        ("HTTP request sent, awaiting response...", Runtime::Wget),
    ]
    .iter()
    .find(|(mark, _)| starts(mark))
    .map(|(_, runtime)| *runtime)
}
