//! Where a body goes as it comes: to stdout, into a file, into memory, or nowhere.

use super::progress::Progress;
use crate::cli::exit::Problem;
use crate::cli::output::Draft;
use crate::fetch::{self, Sink};
use crate::report;
use crate::trace::Response;
use encoding_rs::Decoder;
use std::io::{self, Write as _};

/// So much of the body of an error is kept back: it may be that the request is sent again.
const KEPT_BACK: usize = 64 << 10;

/// Where the body goes.
pub(super) enum Place {
    /// Its first characters are enough.
    Nowhere,
    /// To stdout, as bytes or for a terminal.
    Stdout(Stdout),
    /// Into a file.
    File(Draft),
    /// Into memory.
    Memory(Vec<u8>),
}

impl Place {
    /// Stdout, which may be a terminal.
    pub(super) fn stdout(terminal: bool) -> Self {
        let text = terminal.then(|| Text { decoder: None, held: String::new(), ends_line: true });
        Self::Stdout(Stdout { text, held: Vec::new(), holds: false, written: false })
    }

    /// Whether the body itself shows on a terminal that it comes.
    pub(super) fn is_seen(&self) -> bool {
        matches!(self, Self::Stdout(stdout) if stdout.text.is_some())
    }

    /// What a user is told when a write failed.
    pub(super) fn failed(&self, error: &io::Error) -> Problem {
        match self {
            Self::File(draft) => draft.failed(error),
            _ => Problem::io("write to stdout", error),
        }
    }
}

/// A place, and the progress that is shown of what goes there.
pub(super) struct Away<'a> {
    place: Place,
    progress: &'a Progress,
    content_type: Option<String>,
}

impl<'a> Away<'a> {
    pub(super) fn new(place: Place, progress: &'a Progress) -> Self {
        Self { place, progress, content_type: None }
    }

    /// Nothing more comes.
    pub(super) fn end(&mut self) -> io::Result<()> {
        let Place::Stdout(stdout) = &mut self.place else { return Ok(()) };
        stdout.let_go(self.content_type.as_deref())?;
        stdout.end()
    }

    pub(super) fn into_place(self) -> Place {
        self.place
    }
}

impl Sink for Away<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.progress.add(bytes.len());
        match &mut self.place {
            Place::Nowhere => Ok(()),
            Place::File(draft) => draft.write(bytes),
            Place::Memory(memory) => {
                memory.extend_from_slice(bytes);
                Ok(())
            }
            Place::Stdout(stdout) => stdout.take(bytes, self.content_type.as_deref()),
        }
    }

    fn start_over(&mut self) -> bool {
        self.progress.start_over();
        match &mut self.place {
            Place::Nowhere => true,
            Place::File(draft) => draft.start_over(),
            Place::Memory(memory) => {
                memory.clear();
                true
            }
            Place::Stdout(stdout) => {
                stdout.held.clear();
                !stdout.written
            }
        }
    }

    fn head(&mut self, response: &Response) {
        self.progress.expect(response);
        self.content_type.clone_from(&response.content_type);
        if let Place::Stdout(stdout) = &mut self.place {
            stdout.holds = !(200..300).contains(&response.status);
        }
    }
}

/// Bytes on their way to stdout.
pub(super) struct Stdout {
    /// For a terminal.
    text: Option<Text>,
    held: Vec<u8>,
    holds: bool,
    written: bool,
}

/// What a terminal is to show of a body.
struct Text {
    /// Known once something came; what is no text has none, and is not shown.
    decoder: Option<Option<Decoder>>,
    /// A carriage return: whether it ends a line shows in what comes next.
    held: String,
    ends_line: bool,
}

impl Stdout {
    fn take(&mut self, bytes: &[u8], content_type: Option<&str>) -> io::Result<()> {
        if self.holds && self.held.len() + bytes.len() <= KEPT_BACK {
            self.held.extend_from_slice(bytes);
            return Ok(());
        }
        self.let_go(content_type)?;
        self.put(bytes, content_type)
    }

    /// Writes what was kept back.
    fn let_go(&mut self, content_type: Option<&str>) -> io::Result<()> {
        self.holds = false;
        match std::mem::take(&mut self.held) {
            held if held.is_empty() => Ok(()),
            held => self.put(&held, content_type),
        }
    }

    fn put(&mut self, bytes: &[u8], content_type: Option<&str>) -> io::Result<()> {
        self.written |= !bytes.is_empty();
        match &mut self.text {
            None => io::stdout().lock().write_all(bytes),
            Some(text) => {
                let shown = text.of(bytes, content_type);
                io::stdout().lock().write_all(shown.as_bytes())
            }
        }
    }

    fn end(&mut self) -> io::Result<()> {
        let rest = self.text.as_mut().map(Text::end).unwrap_or_default();
        let mut stdout = io::stdout().lock();
        stdout.write_all(rest.as_bytes())?;
        stdout.flush()
    }
}

impl Text {
    /// The next bytes as text that commands nothing.
    fn of(&mut self, bytes: &[u8], content_type: Option<&str>) -> String {
        let new = || fetch::encoding(bytes, false, content_type).map(encoding_rs::Encoding::new_decoder);
        let Some(decoder) = self.decoder.get_or_insert_with(new) else { return String::new() };
        let mut text = std::mem::take(&mut self.held);
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or_default());
        let _ = decoder.decode_to_string(bytes, &mut text, false);
        if text.ends_with('\r') {
            self.held = text.split_off(text.len() - 1);
        }
        self.shown(&text)
    }

    fn end(&mut self) -> String {
        let mut text = std::mem::take(&mut self.held);
        if let Some(Some(decoder)) = &mut self.decoder {
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
        let mut text = Text { decoder: None, held: String::new(), ends_line: true };
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
