//! Bytes become lines, whatever program wrote them: UTF-8 or UTF-16, with any line ends, of any length.

use std::io::{self, BufRead};

/// A line is cut into pieces of at most so many bytes: what is read stays in bounds, whatever comes.
const LONGEST: usize = 256 * 1024;

/// The lines of a stream of bytes. Bytes that are no text become U+FFFD; a line that is too long comes in pieces.
#[derive(Debug)]
pub struct Lines<R> {
    bytes: R,
    encoding: Option<Encoding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    /// As Windows redirects it.
    Utf16Le,
    Utf16Be,
}

impl<R: BufRead> Lines<R> {
    /// The lines of `bytes`.
    pub fn new(bytes: R) -> Self {
        Self { bytes, encoding: None }
    }

    /// Told by the byte order mark, or by the zero bytes beside the letters of a text that has none.
    fn encoding(&mut self) -> io::Result<Encoding> {
        if let Some(known) = self.encoding {
            return Ok(known);
        }
        let found = match self.bytes.fill_buf()? {
            [0xff, 0xfe, ..] => Encoding::Utf16Le,
            [0xfe, 0xff, ..] => Encoding::Utf16Be,
            [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Encoding::Utf16Le,
            [0, first, 0, second, ..] if *first != 0 && *second != 0 => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        };
        self.encoding = Some(found);
        Ok(found)
    }

    /// The bytes up to a line end, which is left out; `None` at the end of the stream.
    fn piece(&mut self, encoding: Encoding) -> io::Result<Option<Vec<u8>>> {
        let mut piece = Vec::new();
        loop {
            let buffer = match self.bytes.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if buffer.is_empty() {
                return Ok((!piece.is_empty()).then_some(piece));
            }
            let room = LONGEST.saturating_sub(piece.len()).max(1);
            let part = &buffer[..buffer.len().min(room)];
            let Some(end) = part.iter().position(|byte| *byte == b'\n') else {
                let taken = part.len();
                piece.extend_from_slice(part);
                self.bytes.consume(taken);
                if piece.len() >= LONGEST && encoding.is_between(piece.len()) {
                    return Ok(Some(piece));
                }
                continue;
            };
            piece.extend_from_slice(&part[..=end]);
            self.bytes.consume(end + 1);
            if encoding.ends(&mut piece, &mut self.bytes)? {
                return Ok(Some(piece));
            }
        }
    }
}

impl Encoding {
    /// Whether a letter may end after so many bytes.
    fn is_between(self, length: usize) -> bool {
        self == Self::Utf8 || length.is_multiple_of(2)
    }

    /// Whether the byte `\n` that `piece` ends with is a line end; if so it is cut off. In UTF-16 it may be half of
    /// another letter.
    fn ends(self, piece: &mut Vec<u8>, rest: &mut impl BufRead) -> io::Result<bool> {
        let at = piece.len() - 1;
        let is_end = match self {
            Self::Utf8 => true,
            Self::Utf16Le => at.is_multiple_of(2) && rest.fill_buf()?.first().is_none_or(|high| *high == 0),
            Self::Utf16Be => at % 2 == 1 && piece[at - 1] == 0,
        };
        if is_end {
            piece.truncate(if self == Self::Utf16Be { at - 1 } else { at });
            if self == Self::Utf16Le && !rest.fill_buf()?.is_empty() {
                rest.consume(1);
            }
        }
        Ok(is_end)
    }

    fn text(self, bytes: Vec<u8>) -> String {
        let units = |unit: fn([u8; 2]) -> u16| -> String {
            let pairs = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
            char::decode_utf16(pairs).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        };
        match self {
            Self::Utf16Le => units(u16::from_le_bytes),
            Self::Utf16Be => units(u16::from_be_bytes),
            Self::Utf8 => String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<String>;

    fn next(&mut self) -> Option<io::Result<String>> {
        let line = self.encoding().and_then(|encoding| {
            let piece = self.piece(encoding)?;
            Ok(piece.map(|bytes| encoding.text(bytes)))
        });
        line.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<String> {
        // A reader that gives a byte or two at a time, as pipes may.
        let slow = io::BufReader::with_capacity(2, bytes);
        let quick: Vec<String> = Lines::new(bytes).map(Result::unwrap).collect();
        if quick.iter().all(|line| line.is_ascii()) && !bytes.contains(&0) {
            assert_eq!(Lines::new(slow).map(Result::unwrap).collect::<Vec<_>>(), quick);
        }
        quick
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_lines() {
        let text = "Gagal: koneksi\r\nĊ ditolak \u{1f50c}\n\nakhir";
        let expected: Vec<&str> = text.split('\n').collect();
        assert_eq!(lines(text.as_bytes()), expected);
        assert_eq!(lines(&utf16(text, u16::to_le_bytes)), expected);
        assert_eq!(lines(&utf16(text, u16::to_be_bytes)), expected);
        let marked = format!("\u{feff}{text}");
        assert_eq!(lines(&utf16(&marked, u16::to_le_bytes))[1..], expected[1..]);
        assert_eq!(lines(&utf16(&marked, u16::to_be_bytes))[1..], expected[1..]);
    }

    #[test]
    fn a_line_end_at_the_end_begins_no_line() {
        assert_eq!(lines(b"a\nb\n"), ["a", "b"]);
        assert_eq!(lines(&utf16("a\nb\n", u16::to_le_bytes)), ["a", "b"]);
        assert_eq!(lines(b""), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_text_is_taken_too() {
        assert_eq!(lines(b"\xff\xff\n\x80"), ["\u{fffd}\u{fffd}", "\u{fffd}"]);
        assert_eq!(lines(b"\xff\xfea"), ["\u{feff}"]);
    }

    #[test]
    fn a_long_line_comes_in_pieces() {
        let long = vec![b'x'; LONGEST * 2 + 5];
        assert_eq!(lines(&long).iter().map(String::len).collect::<Vec<_>>(), [LONGEST, LONGEST, 5]);
    }
}
