//! A result file that appears whole or not at all.

use super::exit::{Exit, Problem};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Where a result is to go. Until it is written, nothing of it is to be seen.
pub(super) struct Output {
    path: PathBuf,
    draft: Draft,
}

enum Draft {
    /// Beside the file that it will become.
    Beside(NamedTempFile<File>),
    /// A pipe or a device cannot be replaced; it takes the bytes as they come.
    Stream(File),
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
        let draft = if path.exists() && !path.is_file() {
            OpenOptions::new().write(true).open(path).map(Draft::Stream)
        } else {
            // By itself tempfile makes files that only their owner may read.
            let beside = tempfile::Builder::new()
                .prefix(".netfault-")
                .make_in(folder, |draft| File::create_new(draft));
            beside.map(Draft::Beside)
        };
        Ok(Self { path: path.to_owned(), draft: draft.map_err(|error| failed(path, &error))? })
    }

    /// Writes everything; a file gets its name only then.
    pub(super) fn write(self, content: &str) -> Result<(), Problem> {
        let written = match self.draft {
            Draft::Stream(mut stream) => stream.write_all(content.as_bytes()),
            Draft::Beside(mut draft) => draft
                .write_all(content.as_bytes())
                .and_then(|()| draft.as_file().sync_all())
                .and_then(|()| draft.persist(&self.path).map(drop).map_err(|refused| refused.error)),
        };
        written.map_err(|error| failed(&self.path, &error))
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Problem {
    Problem::io(format_args!("write {}", path.display()), error)
}
