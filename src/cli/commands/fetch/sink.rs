//! Where a body goes as it comes: to stdout, into a file, into memory, or nowhere.

use super::progress::Progress;
use super::shown::Text;
use crate::cli::exit::Problem;
use crate::cli::output::Draft;
use crate::fetch::Sink;
use crate::trace::Response;
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
        let text = terminal.then(Text::new);
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
