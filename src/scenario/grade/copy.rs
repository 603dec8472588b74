//! A copy of a submission, so that nothing that runs can change what was handed in.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The most bytes that are copied: who hands in more hands in something else.
const MOST: u64 = 100_000_000;
/// How deep folders are copied.
const DEPTH: usize = 16;

/// The copy; gone when it is dropped.
#[derive(Debug)]
pub struct Copy(TempDir);

impl Copy {
    /// Copies everything but symbolic links, which may lead anywhere.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let copy = tempfile::Builder::new().prefix("netfault-").tempdir()?;
        let mut left = MOST;
        into(folder, copy.path(), DEPTH, &mut left)?;
        Ok(Self(copy))
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// What lies in it at the top.
    pub fn inside(&self) -> io::Result<Vec<PathBuf>> {
        let mut inside: Vec<PathBuf> = fs::read_dir(self.folder())?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<_>>()?;
        inside.sort();
        Ok(inside)
    }
}

fn into(from: &Path, to: &Path, depth: usize, left: &mut u64) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            if depth > 0 {
                fs::create_dir(&target)?;
                into(&entry.path(), &target, depth - 1, left)?;
            }
        } else if kind.is_file() {
            let size = entry.metadata()?.len();
            *left = left
                .checked_sub(size)
                .ok_or_else(|| io::Error::other(format!("the submission has more than {MOST} bytes")))?;
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_everything_and_is_gone_in_the_end() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("lib")).unwrap();
        fs::write(folder.path().join("lib/util.py"), "x = 1").unwrap();
        fs::write(folder.path().join("main.py"), "import lib").unwrap();
        let copy = Copy::of(folder.path()).unwrap();
        let at = copy.folder().to_owned();
        assert_eq!(fs::read_to_string(at.join("lib/util.py")).unwrap(), "x = 1");
        assert_eq!(copy.inside().unwrap(), [at.join("lib"), at.join("main.py")]);
        drop(copy);
        assert!(!at.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_of_a_submission_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("etc")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("passwd")).unwrap();
        assert_eq!(Copy::of(folder.path()).unwrap().inside().unwrap(), Vec::<PathBuf>::new());
    }
}
