//! The bytes of each answer. Knows no socket.

use super::request::Request;
use super::{Says, Settings};
use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};
use std::io::Write as _;

/// The page, in UTF-8; every character of it is in ISO-8859-1 too.
const PAGE: &str = include_str!("page.html");
/// What an SSH server sends first, RFC 4253 §4.2.
pub(super) const SSH_BANNER: &[u8] = b"SSH-2.0-OpenSSH_9.2p1\r\n";
/// What it sends who does not speak SSH.
pub(super) const SSH_REFUSAL: &[u8] = b"Invalid SSH identification string.\r\n";

const HTML: &str = "Content-Type: text/html; charset=utf-8";
const TEXT: &str = "Content-Type: text/plain; charset=utf-8";
/// Bytes of a chunk.
const CHUNK: usize = 256;
/// Bytes of a piece of what has no end.
const PIECE: usize = 64 * 1024;
/// What a short body announces.
const ANNOUNCED: usize = 100;
/// What it has.
const SENT: usize = 10;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// Up to the empty line; or what there is in its place.
    pub(super) head: Vec<u8>,
    /// What follows it.
    pub(super) body: Vec<u8>,
    /// What comes then.
    pub(super) then: Then,
}

/// What comes after an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The end of the connection.
    Close,
    /// This, again and again, until the client leaves.
    OnAndOn(Vec<u8>),
}

/// What the server says to `request`.
pub(super) fn to(request: &Request, says: Says, settings: &Settings) -> Answer {
    if !request.is_http && says != Says::Nothing {
        return error(400);
    }
    let page = PAGE.as_bytes();
    match says {
        // The banner that is no HTTP comes before any request, so this is one that gets the page.
        Says::Page | Says::NotHttp => whole(200, &[HTML], page.to_vec()),
        Says::Chunked => close(head(200, &[HTML, "Transfer-Encoding: chunked"]), chunks(page)),
        Says::UntilClose => close(head(200, &[HTML]), page.to_vec()),
        Says::Gzip => whole(200, &[HTML, "Content-Encoding: gzip"], gzip(page)),
        Says::Latin1 => whole(200, &["Content-Type: text/html; charset=iso-8859-1"], latin_1(PAGE)),
        Says::WrongCharset => whole(200, &[HTML], latin_1(PAGE)),
        Says::ShortBody => {
            close(head(200, &[HTML, &format!("Content-Length: {ANNOUNCED}")]), page[..SENT].to_vec())
        }
        Says::ShortChunked => {
            let mut body = chunks(page);
            body.truncate(body.len() - LAST_CHUNK.len());
            close(head(200, &[HTML, "Transfer-Encoding: chunked"]), body)
        }
        Says::Error => error(settings.status),
        Says::Redirect if request.target == settings.location => whole(200, &[HTML], page.to_vec()),
        Says::Redirect => redirect(&settings.location),
        Says::RedirectLoop => redirect(if request.target == "/there" { "/back" } else { "/there" }),
        Says::Nothing => close(Vec::new(), Vec::new()),
        Says::BinaryStatus => close(b"\x00\x01\xff\xfe\x80HTTP\x00\r\n\r\n".to_vec(), Vec::new()),
        Says::BadChunkSize => {
            let body = [b"FFFFFFFFFFFFFFFFF\r\n", &page[..SENT]].concat();
            close(head(200, &[HTML, "Transfer-Encoding: chunked"]), body)
        }
        Says::EndlessHeaders => on_and_on(b"HTTP/1.1 200 OK\r\n".to_vec(), headers()),
        Says::EndlessBody => on_and_on(head(200, &[HTML]), page.repeat(PIECE / page.len())),
        Says::GzipBomb => gzip_bomb(),
    }
}

/// A response up to its empty line.
fn head(status: u16, headers: &[&str]) -> Vec<u8> {
    let mut head =
        format!("HTTP/1.1 {status} {}\r\nServer: netfault\r\nConnection: close\r\n", reason(status));
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// A response with the length of its body.
fn whole(status: u16, headers: &[&str], body: Vec<u8>) -> Answer {
    let length = format!("Content-Length: {}", body.len());
    close(head(status, &[headers, &[&length]].concat()), body)
}

fn error(status: u16) -> Answer {
    let body = format!("{status} {}\n", reason(status)).into_bytes();
    // Who is told to come again is told when, RFC 9110 §10.2.3.
    let headers: &[&str] = if matches!(status, 429 | 503) { &[TEXT, "Retry-After: 1"] } else { &[TEXT] };
    whole(status, headers, body)
}

fn redirect(location: &str) -> Answer {
    whole(302, &[TEXT, &format!("Location: {location}")], b"It is elsewhere.\n".to_vec())
}

fn close(head: Vec<u8>, body: Vec<u8>) -> Answer {
    Answer { head, body, then: Then::Close }
}

fn on_and_on(head: Vec<u8>, piece: Vec<u8>) -> Answer {
    Answer { head, body: Vec::new(), then: Then::OnAndOn(piece) }
}

/// RFC 9110 §15; what is not known there has none.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        418 => "I'm a Teapot",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// RFC 9112 §7.1.
fn chunks(body: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    for chunk in body.chunks(CHUNK) {
        all.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        all.extend_from_slice(chunk);
        all.extend_from_slice(b"\r\n");
    }
    all.extend_from_slice(LAST_CHUNK);
    all
}

fn headers() -> Vec<u8> {
    format!("X-Filler: {}\r\n", "a".repeat(1000)).repeat(PIECE / 1000).into_bytes()
}

fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // A vector takes everything.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Zeros. After the first piece every further one is the same, so nobody has to make them.
fn gzip_bomb() -> Answer {
    const ZEROS: usize = 1 << 20;
    let mut deflate = Compress::new(Compression::best(), false);
    let zeros = vec![0; ZEROS];
    let mut piece = || {
        let mut out = Vec::with_capacity(PIECE);
        // There is room for it: it is a thousandth of the zeros.
        let _ = deflate.compress_vec(&zeros, &mut out, FlushCompress::Sync);
        out
    };
    // RFC 1952 §2.3: deflate, no name, no time, no system.
    let beginning = [b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff".to_vec(), piece()].concat();
    let head = head(200, &[HTML, "Content-Encoding: gzip"]);
    Answer { head, body: beginning, then: Then::OnAndOn(piece()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read as _;

    fn said(says: Says, target: &str) -> Answer {
        let request = Request { method: "GET".into(), target: target.into(), is_http: true };
        to(&request, says, &Settings::default())
    }

    fn head_of(answer: &Answer) -> String {
        String::from_utf8(answer.head.clone()).unwrap()
    }

    #[test]
    fn a_page_is_as_long_as_it_says_and_longer_than_what_is_printed_of_it() {
        let page = said(Says::Page, "/");
        assert!(head_of(&page).contains(&format!("Content-Length: {}\r\n", page.body.len())));
        assert!(PAGE.chars().count() > 500 && !PAGE.is_ascii());
        assert!(String::from_utf8(said(Says::Latin1, "/").body).is_err());
        assert!(!latin_1(PAGE).contains(&b'?'), "every letter of the page is in Latin-1");
    }

    #[test]
    fn a_cut_body_lacks_what_the_head_promises() {
        let short = said(Says::ShortBody, "/");
        assert!(head_of(&short).contains("Content-Length: 100\r\n"));
        assert_eq!(short.body.len(), SENT);
        assert!(!said(Says::ShortChunked, "/").body.ends_with(LAST_CHUNK));
        assert!(said(Says::Chunked, "/").body.ends_with(LAST_CHUNK));
    }

    #[test]
    fn a_redirection_leads_to_the_page_and_a_loop_nowhere() {
        assert!(head_of(&said(Says::Redirect, "/")).contains("Location: /page\r\n"));
        assert!(head_of(&said(Says::Redirect, "/page")).starts_with("HTTP/1.1 200 OK"));
        for target in ["/", "/there", "/back"] {
            assert!(head_of(&said(Says::RedirectLoop, target)).starts_with("HTTP/1.1 302 Found"));
        }
    }

    #[test]
    fn who_is_told_to_come_again_is_told_when() {
        assert!(head_of(&error(503)).contains("Retry-After: 1\r\n"));
        assert!(!head_of(&error(404)).contains("Retry-After"));
    }

    #[test]
    fn what_is_no_request_of_http_is_a_bad_one() {
        let request = Request { method: "Ipin".into(), target: String::new(), is_http: false };
        let answer = to(&request, Says::Page, &Settings::default());
        assert!(head_of(&answer).starts_with("HTTP/1.1 400 "));
        assert!(to(&request, Says::Nothing, &Settings::default()).head.is_empty());
    }

    #[test]
    fn a_bomb_is_gzip_a_thousand_times_as_long_as_it_looks() {
        let Answer { body, then: Then::OnAndOn(piece), .. } = gzip_bomb() else { panic!("it ends") };
        let sent = [body, piece.repeat(7)].concat();
        let mut room = vec![1; 8 << 20];
        GzDecoder::new(&*sent).read_exact(&mut room).unwrap();
        assert!(room.iter().all(|byte| *byte == 0));
        assert!(sent.len() < room.len() / 500, "{} bytes were sent", sent.len());
    }
}
