//! A result file that appears whole or not at all.

use super::exit::{Exit, Problem};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::NamedTempFile;

/// Where a result is to go. Until it is written, nothing of it is to be seen.
pub(super) struct Output {
    path: PathBuf,
    folder: PathBuf,
}

impl Output {
    /// Makes sure that the file can be made, before any work is done for it.
    pub(super) fn to(path: &Path) -> Result<Self, Problem> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let wrong =
            |why: String| Problem::new(Exit::Usage, format!("cannot write {}: {why}", path.display()));
        if path.is_dir() {
            return Err(wrong("it is a directory".to_owned()).hint("Name a file in it."));
        }
        if !folder.is_dir() {
            return Err(wrong(format!("there is no directory {}", folder.display()))
                .hint("Make the directory first, or name another file."));
        }
        let output = Self { path: path.to_owned(), folder: folder.to_owned() };
        if !output.is_stream() {
            output.draft().map_err(|error| output.failed(&error))?;
        }
        Ok(output)
    }

    /// Writes everything; a file gets its name only then.
    pub(super) fn write(self, content: &str) -> Result<(), Problem> {
        let written = if self.is_stream() { self.pour(content) } else { self.replace(content) };
        written.map_err(|error| self.failed(&error))
    }

    /// Begins to write what comes piece by piece.
    pub(super) fn open(self) -> Result<Draft, Problem> {
        let place = if self.is_stream() {
            OpenOptions::new().write(true).open(&self.path).map(Place::Stream)
        } else {
            self.draft().map(|draft| {
                unfinished().push(draft.path().to_owned());
                Place::Beside(draft)
            })
        };
        match place {
            Ok(place) => Ok(Draft { output: self, place, bytes: 0 }),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// A pipe or a device cannot be replaced by a file.
    fn is_stream(&self) -> bool {
        self.path.exists() && !self.path.is_file()
    }

    fn pour(&self, content: &str) -> io::Result<()> {
        OpenOptions::new().write(true).open(&self.path)?.write_all(content.as_bytes())
    }

    fn replace(&self, content: &str) -> io::Result<()> {
        let mut draft = self.draft()?;
        draft.write_all(content.as_bytes())?;
        draft.as_file().sync_all()?;
        draft.persist(&self.path).map(drop).map_err(|refused| refused.error)
    }

    /// A file beside the one to be, which is gone unless it gets its name. By itself tempfile makes files that
    /// only their owner may read.
    fn draft(&self) -> io::Result<NamedTempFile<File>> {
        tempfile::Builder::new().prefix(".netfault-").make_in(&self.folder, |draft| File::create_new(draft))
    }

    fn failed(&self, error: &io::Error) -> Problem {
        Problem::io(format_args!("write {}", self.path.display()), error)
    }
}

/// A result under way. Dropped before it is finished, a file leaves nothing behind.
pub(super) struct Draft {
    output: Output,
    place: Place,
    /// How much was written.
    bytes: u64,
}

enum Place {
    /// A file beside the one to be.
    Beside(NamedTempFile<File>),
    /// A pipe or a device: what is written is gone.
    Stream(File),
}

impl Draft {
    /// Writes the next bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        match &mut self.place {
            Place::Beside(draft) => draft.as_file_mut().write_all(bytes),
            Place::Stream(stream) => stream.write_all(bytes),
        }
    }

    /// Takes back what was written; `false` where it is gone already.
    pub(super) fn start_over(&mut self) -> bool {
        match &mut self.place {
            Place::Stream(_) => self.bytes == 0,
            Place::Beside(draft) => {
                let file = draft.as_file_mut();
                file.set_len(0).and_then(|()| file.rewind()).is_ok()
            }
        }
    }

    /// Gives the file its name. What was fetched can be fetched again after a crash of the machine: nobody waits until
    /// the disk has it.
    pub(super) fn finish(self) -> Result<(), Problem> {
        let Self { output, place, .. } = self;
        match place {
            Place::Stream(_) => Ok(()),
            Place::Beside(draft) => {
                draft.persist(&output.path).map(drop).map_err(|refused| output.failed(&refused.error))
            }
        }
    }

    /// What a user is told when a write failed.
    pub(super) fn failed(&self, error: &io::Error) -> Problem {
        self.output.failed(error)
    }
}

/// The files beside those to be, for whoever ends this process from outside: nothing is dropped then.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Leaves nothing behind of results that will never be finished.
pub(super) fn abandon() {
    for draft in unfinished().drain(..) {
        // One that got its name is not there any more under this one.
        let _ = fs::remove_file(draft);
    }
}
