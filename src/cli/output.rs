//! A result file that appears whole or not at all.

use super::exit::{Exit, Problem};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file that is still to be written. Until then nothing of it is to be seen.
pub(super) struct Output {
    path: PathBuf,
    draft: NamedTempFile<File>,
}

impl Output {
    /// Makes sure that the file can be made, before any work is done for it.
    pub(super) fn to(path: &Path) -> Result<Self, Problem> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if path.is_dir() {
            return Err(Problem::new(Exit::Usage, format!("cannot write {}: it is a directory", path.display())));
        }
        if !folder.is_dir() {
            let message = format!("cannot write {}: there is no directory {}", path.display(), folder.display());
            return Err(Problem::new(Exit::Usage, message).hint("Make the directory first, or name another file."));
        }
        // By itself tempfile makes files that only their owner may read.
        let draft = tempfile::Builder::new()
            .prefix(".netfault-")
            .make_in(folder, |draft| File::create_new(draft))
            .map_err(|error| failed(path, &error))?;
        Ok(Self { path: path.to_owned(), draft })
    }

    /// Writes everything, and then gives the file its name.
    pub(super) fn write(mut self, content: &str) -> Result<(), Problem> {
        self.draft
            .write_all(content.as_bytes())
            .and_then(|()| self.draft.as_file().sync_all())
            .map_err(|error| failed(&self.path, &error))?;
        let path = self.path;
        self.draft.persist(&path).map_err(|error| failed(&path, &error.error))?;
        Ok(())
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Problem {
    Problem::io(format_args!("write {}", path.display()), error)
}
