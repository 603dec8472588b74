//! A result file that appears whole or not at all.

use super::exit::{Exit, Problem};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
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
