//! What a terminal is shown of a body that comes in pieces: text, which commands nothing.

use crate::fetch::encoding;
use crate::report;
use encoding_rs::{Decoder, Encoding};

/// A body on its way to a terminal.
pub(super) struct Text {
    reading: Reading,
    /// A carriage return: whether it ends a line shows in what comes next.
    held: String,
    ends_line: bool,
}

/// How its bytes are read.
enum Reading {
    /// Nothing has come.
    Unknown,
    /// As text of a character set.
    Text(Decoder),
    /// Not at all: it is no text.
    Nothing,
}

impl Text {
    pub(super) fn new() -> Self {
        Self { reading: Reading::Unknown, held: String::new(), ends_line: true }
    }

    /// The next bytes as text that commands nothing.
    pub(super) fn of(&mut self, bytes: &[u8], content_type: Option<&str>) -> String {
        if let Reading::Unknown = self.reading {
            let known = encoding(bytes, false, content_type).map(Encoding::new_decoder);
            self.reading = known.map_or(Reading::Nothing, Reading::Text);
        }
        let Reading::Text(decoder) = &mut self.reading else { return String::new() };
        let mut text = std::mem::take(&mut self.held);
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or_default());
        let _ = decoder.decode_to_string(bytes, &mut text, false);
        if text.ends_with('\r') {
            self.held = text.split_off(text.len() - 1);
        }
        self.shown(&text)
    }

    /// What is left, and a line end.
    pub(super) fn end(&mut self) -> String {
        let mut text = std::mem::take(&mut self.held);
        if let Reading::Text(decoder) = &mut self.reading {
            text.reserve(decoder.max_utf8_buffer_length(0).unwrap_or_default());
            let _ = decoder.decode_to_string(&[], &mut text, true);
        }
        let shown = self.shown(&text);
        if self.ends_line { shown } else { shown + "\n" }
    }

    fn shown(&mut self, text: &str) -> String {
        let shown = report::text_of(text, false);
        if !shown.is_empty() {
            self.ends_line = shown.ends_with('\n');
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[&[u8]], content_type: &str) -> String {
        let mut text = Text::new();
        let mut all: String = pieces.iter().map(|piece| text.of(piece, Some(content_type))).collect();
        all += &text.end();
        all
    }

    #[test]
    fn a_letter_or_line_end_that_comes_in_two_pieces_is_one() {
        assert_eq!(shown(&[b"Caf\xc3", b"\xa9\r", b"\nx"], "text/plain; charset=utf-8"), "Café\nx\n");
        assert_eq!(shown(&[b"a\rb\r"], "text/plain"), "a\\rb\n");
        assert_eq!(shown(&[b"Caf\xe9\n"], "text/html; charset=latin1"), "Café\n");
        assert_eq!(shown(&[b"cut \xc3"], "text/plain; charset=utf-8"), "cut \u{fffd}\n");
    }

    #[test]
    fn a_terminal_is_commanded_nothing_and_shown_no_picture() {
        assert_eq!(shown(&[b"\x1b[2J"], "text/html"), "\\u{1b}[2J\n");
        assert_eq!(shown(&[b"\x89PNG\r\n"], "image/png"), "");
    }
}
