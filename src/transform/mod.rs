//! The five text operations of the course module and the framing of their requests: bytes in, bytes out.
//! Knows no socket and no clock: the time comes in as a [`Timestamp`].
//!
//! | operation | meaning |
//! |-|-|
//! | invert case | Python's `ch.lower() if ch.isupper() else ch.upper()` for every character |
//! | count | Unicode scalar values of the data as received, before trimming |
//! | trim | Python's `str.strip()` |
//! | timestamp | local time |
//! | confirm | `Data telah diproses` |

mod framing;
mod refusal;
mod text;
mod timestamp;

pub use framing::{datagram, line_end, without_return};
pub use refusal::Refusal;
pub use text::{count, invert_case, trim};
pub use timestamp::Timestamp;

use serde::Serialize;
use std::fmt;
use std::io::Write as _;

/// The confirmation at the end of a reply.
pub const CONFIRMATION: &str = "Data telah diproses";

/// How a reply is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reply {
    /// All five operations: `IPIN | 4 karakter | 2025-04-10 10:20:12 | Data telah diproses`.
    #[default]
    Full,
    /// As the module's screenshot, not trimmed and without count: `IPIN | 2025-04-10 10:20:12 | Data telah diproses`.
    Classic,
    /// `{"text":"IPIN","count":4,"timestamp":"2025-04-10T10:20:12+07:00","message":"Data telah diproses"}`.
    Json,
}

impl Reply {
    /// Every way there is.
    pub const ALL: &[Self] = &[Self::Full, Self::Classic, Self::Json];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Classic => "classic",
            Self::Json => "json",
        }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Appends the reply to `data` (one request without its line end) to `out`, without a line end. Data that is not
/// UTF-8 gets a [`Refusal`], which is given back too.
pub fn reply(data: &[u8], style: Reply, now: &Timestamp, out: &mut Vec<u8>) -> Result<(), Refusal> {
    match std::str::from_utf8(data) {
        Ok(data) => {
            reply_to_text(data, style, now, out);
            Ok(())
        }
        Err(error) => {
            let refusal = Refusal::NotUtf8 { at: error.valid_up_to() };
            refuse(refusal, style, out);
            Err(refusal)
        }
    }
}

/// The reply to `data` as text, without a line end.
pub fn reply_to(data: &str, style: Reply, now: &Timestamp) -> String {
    let mut out = Vec::new();
    reply_to_text(data, style, now, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Appends the reply that says why there is no other: `ERR <code> <reason>`, or
/// `{"error":{"code":…,"reason":…}}` for [`Reply::Json`]; without a line end.
pub fn refuse(refusal: Refusal, style: Reply, out: &mut Vec<u8>) {
    #[derive(Serialize)]
    struct Body {
        code: &'static str,
        reason: String,
    }
    #[derive(Serialize)]
    struct Json {
        error: Body,
    }
    let result = if style == Reply::Json {
        let error = Body { code: refusal.code(), reason: refusal.to_string() };
        serde_json::to_writer(out, &Json { error }).map_err(Into::into)
    } else {
        write!(out, "ERR {} {refusal}", refusal.code())
    };
    result.expect("a vector takes every byte");
}

fn reply_to_text(data: &str, style: Reply, now: &Timestamp, out: &mut Vec<u8>) {
    match style {
        Reply::Full => {
            text::invert_into(trim(data), out);
            out.extend_from_slice(b" | ");
            text::write_number(count(data), out);
            out.extend_from_slice(now.counted().as_bytes());
        }
        Reply::Classic => {
            text::invert_into(data, out);
            out.extend_from_slice(b" | ");
            out.extend_from_slice(now.confirmed().as_bytes());
        }
        Reply::Json => {
            #[derive(Serialize)]
            struct Json<'a> {
                text: String,
                count: usize,
                timestamp: &'a str,
                message: &'a str,
            }
            let body = Json {
                text: invert_case(trim(data)),
                count: count(data),
                timestamp: now.rfc3339(),
                message: CONFIRMATION,
            };
            serde_json::to_writer(out, &body).expect("a vector takes every byte");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at() -> Timestamp {
        Timestamp::new(&chrono::DateTime::parse_from_rfc3339("2025-04-10T10:20:12.9+07:00").unwrap())
    }

    fn answer(data: &[u8], style: Reply) -> String {
        let mut out = Vec::new();
        let _ = reply(data, style, &at(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn full_trims_and_counts_before_trimming() {
        assert_eq!(
            answer(b"ipin", Reply::Full),
            "IPIN | 4 karakter | 2025-04-10 10:20:12 | Data telah diproses"
        );
        assert_eq!(
            answer("  Ünï ß\t".as_bytes(), Reply::Full),
            "üNÏ SS | 8 karakter | 2025-04-10 10:20:12 | Data telah diproses"
        );
        assert_eq!(answer(b"", Reply::Full), " | 0 karakter | 2025-04-10 10:20:12 | Data telah diproses");
    }

    #[test]
    fn classic_neither_trims_nor_counts() {
        assert_eq!(answer(b" ipin ", Reply::Classic), " IPIN  | 2025-04-10 10:20:12 | Data telah diproses");
    }

    #[test]
    fn json_carries_the_offset_and_escapes() {
        assert_eq!(
            answer(b"ipin", Reply::Json),
            r#"{"text":"IPIN","count":4,"timestamp":"2025-04-10T10:20:12+07:00","message":"Data telah diproses"}"#
        );
        assert!(answer(b"a\"\x00b", Reply::Json).starts_with(r#"{"text":"A\"\u0000B","count":4,"#));
    }

    #[test]
    fn data_that_is_not_utf8_is_refused_with_the_place() {
        assert_eq!(answer(b"ab\xff", Reply::Full), "ERR not-utf8 byte 3 is not UTF-8");
        assert_eq!(
            answer(b"\xc3", Reply::Json),
            r#"{"error":{"code":"not-utf8","reason":"byte 1 is not UTF-8"}}"#
        );
    }

    proptest! {
        #[test]
        fn any_bytes_get_one_reply_that_is_utf8(data in prop::collection::vec(any::<u8>(), 0..200)) {
            for style in Reply::ALL {
                let mut out = Vec::new();
                let refused = reply(&data, *style, &at(), &mut out).is_err();
                prop_assert_eq!(refused, std::str::from_utf8(&data).is_err());
                prop_assert!(std::str::from_utf8(&out).is_ok());
            }
        }

        #[test]
        fn json_is_json_and_says_what_full_says(data in any::<String>()) {
            let full = reply_to(&data, Reply::Full, &at());
            let json: serde_json::Value = serde_json::from_str(&reply_to(&data, Reply::Json, &at())).unwrap();
            let expected = format!(
                "{} | {} karakter | 2025-04-10 10:20:12 | {}",
                json["text"].as_str().unwrap(),
                json["count"],
                json["message"].as_str().unwrap()
            );
            prop_assert_eq!(full, expected);
        }
    }
}
