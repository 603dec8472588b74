//! The address that the error is about, as it was written.

use super::{Passage, up_to};
use std::net::{IpAddr, SocketAddr};

/// So many bytes of the line before and after the error.
const NEAR: usize = 2000;

/// The address on the line of the error; else the one in the source code of a traceback; else that of Node's
/// details below.
pub(super) fn find(passage: &Passage, error: usize) -> Option<String> {
    // A line may be a whole document: what is near the error counts.
    let line = passage.line.as_str();
    let line = &up_to(line, error + NEAR)[up_to(line, error.saturating_sub(NEAR)).len()..];
    on(line).or_else(|| passage.sources().find_map(pair)).or_else(|| {
        let details: Vec<String> = passage.after().take(8).collect();
        let host =
            details.iter().find_map(|line| line.trim().strip_prefix("address: '")?.split('\'').next())?;
        let port = details.iter().find_map(|line| line.trim().strip_prefix("port: "))?;
        joined(host, port)
    })
}

/// In one of the forms in which runtimes write an address.
fn on(line: &str) -> Option<String> {
    // Go's `lookup NAME on ADDRESS` names the resolver, not the server.
    if line.contains(" lookup ") {
        return None;
    }
    let words = || line.split(|letter: char| letter.is_whitespace() || "\"'<>(),=".contains(letter));
    words().find_map(literal).or_else(|| pair(line)).or_else(|| strace(line)).or_else(|| in_words(line))
}

/// `127.0.0.1:12345`, `[::1]:12345`, `localhost:12345`, `:::12345`, `:12345` and `http://host:80/`.
fn literal(word: &str) -> Option<String> {
    let word = word.split("->").last()?;
    let (is_url, word) = match word.split_once("://") {
        Some((_, rest)) => (true, rest.split('/').next()?),
        None => (false, word),
    };
    let word = word.trim_end_matches([':', '.', ';']);
    if word.parse::<SocketAddr>().is_ok() {
        return Some(word.to_owned());
    }
    let (host, port) = word.rsplit_once(':')?;
    let port = number(port)?;
    match host {
        "::" => Some(format!("[::]:{port}")),
        "" | "localhost" | "*" => Some(word.to_owned()),
        _ if is_url && is_name(host) => Some(word.to_owned()),
        _ if host.starts_with("::") => {
            Some(format!("[{host}]:{port}")).filter(|full| full.parse::<SocketAddr>().is_ok())
        }
        _ => None,
    }
}

/// `('127.0.0.1', 12345)`, `host='127.0.0.1', port=12345` and `"127.0.0.1", port 12345`.
fn pair(text: &str) -> Option<String> {
    let pieces: Vec<&str> = text.split(['\'', '"']).collect();
    pieces.windows(2).filter(|pair| is_host(pair[0]) && pair[1].starts_with([',', ' '])).find_map(|pair| {
        let port = pair[1].trim_start_matches([',', ' ']);
        let port = port.strip_prefix("port=").or_else(|| port.strip_prefix("port ")).unwrap_or(port);
        joined(pair[0], port.split(|letter: char| !letter.is_ascii_digit()).next()?)
    })
}

/// `sin_port=htons(12345), sin_addr=inet_addr("127.0.0.1")`, and the same of IPv6.
fn strace(line: &str) -> Option<String> {
    let port = line.split("_port=htons(").nth(1)?.split(')').next()?;
    let host = line.split("_addr(").nth(1).and_then(|rest| rest.split('"').nth(1));
    let host = host.or_else(|| line.split("inet_pton(AF_INET6, \"").nth(1)?.split('"').next())?;
    joined(host, port)
}

/// `127.0.0.1 port 12345`.
fn in_words(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.iter().position(|word| *word == "port")?;
    let host = words.get(at.checked_sub(1)?)?.trim_end_matches([',', ':']);
    let port = words.get(at + 1)?.trim_end_matches([',', ':', '.']);
    if is_host(host) { joined(host, port) } else { None }
}

fn joined(host: &str, port: &str) -> Option<String> {
    let port = number(port.trim_end_matches(','))?;
    Some(if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
}

fn number(port: &str) -> Option<u16> {
    port.parse().ok().filter(|_| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// An address, `localhost`, or a name with a dot in it.
fn is_host(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok() || (host.contains('.') && is_name(host))
}

fn is_name(host: &str) -> bool {
    !host.is_empty() && host.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._".contains(letter))
}
