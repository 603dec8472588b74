//! The head of a request, of which a server that always answers the same needs little.

use std::io::{self, Read};

/// A head may be so long; who sends more is not answered.
const LONGEST: usize = 64 * 1024;
const CHUNK: usize = 4096;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// `GET`, or whatever stood in its place.
    pub(super) method: String,
    /// The target, as it was sent; empty when there was none.
    pub(super) target: String,
    /// Whether its first line is one of HTTP/1.
    pub(super) is_http: bool,
}

impl Request {
    /// Reads up to the end of a head. What cannot become one counts as one at once: who speaks TLS waits for an answer
    /// then. So does what a client sent that then closed. `None` when it sent nothing, or more than a head has.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        let mut head = Vec::new();
        let mut room = [0; CHUNK];
        while !ends(&head) && may_be_http(&head) {
            let read = from.read(&mut room)?;
            head.extend_from_slice(&room[..read]);
            if read == 0 {
                break;
            }
            if head.len() > LONGEST {
                return Ok(None);
            }
        }
        Ok((!head.is_empty()).then(|| Self::of(&head)))
    }

    /// Whether only the head of the answer is wanted, RFC 9110 §9.3.2.
    pub(super) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    fn of(head: &[u8]) -> Self {
        let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = String::from_utf8_lossy(line);
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let is_http = words.next().is_some_and(|version| version.starts_with("HTTP/1."));
        Self { method, target, is_http }
    }
}

/// Whether an empty line has come; a lone LF counts, as RFC 9112 §2.2 lets a server have it.
fn ends(head: &[u8]) -> bool {
    head.ends_with(b"\n\n")
        || head.ends_with(b"\n\r\n")
        || head.windows(4).any(|four| four == b"\r\n\r\n" || four.starts_with(b"\n\n"))
}

/// Whether a method, or empty lines before it (RFC 9112 §2.2), may begin so.
fn may_be_http(head: &[u8]) -> bool {
    head.first().is_none_or(|byte| byte.is_ascii_graphic() || matches!(byte, b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<Request> {
        Request::read(&mut &*bytes).unwrap()
    }

    #[test]
    fn a_head_ends_with_an_empty_line_and_what_follows_is_no_part_of_it() {
        let request = read(b"GET /a HTTP/1.1\r\nHost: b\r\n\r\nbody").unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str(), request.is_http), ("GET", "/a", true));
        assert!(read(b"HEAD / HTTP/1.0\n\n").unwrap().is_head());
    }

    #[test]
    fn what_is_no_http_is_a_request_all_the_same_and_nothing_is_none() {
        let request = read(b"Ipin\r\n\r\n").unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str(), request.is_http), ("Ipin", "", false));
        assert!(!read(b"\x16\x03\x01").unwrap().is_http);
        assert_eq!(read(b""), None);
        assert_eq!(read(&vec![b'x'; LONGEST + 1]), None);
    }
}
