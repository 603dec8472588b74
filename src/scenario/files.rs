//! Which files are meant by the paths of a command line: files as they are named, and the scenarios in folders.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How much of a file is read to see whether it is a scenario.
const HEAD: u64 = 8192;
/// How deep folders are walked.
const DEPTH: usize = 16;

/// A path that cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// The path.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// The files that are meant, each once, in the order in which they were named; those of a folder by name. In folders
/// other files are passed over; a file that is named is meant, whatever stands in it.
pub fn select(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Unreadable> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let mut found = Vec::new();
        if path.is_dir() {
            walk(path, DEPTH, &mut found)?;
        } else {
            found.push(path.clone());
        }
        for file in found {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<(), Unreadable> {
    let wrong = |path: &Path, error| Unreadable { path: path.to_owned(), error };
    let mut inside: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|error| wrong(folder, error))?;
    inside.sort();
    for path in inside {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden {
            continue;
        }
        if path.is_dir() {
            if depth > 0 && !path.is_symlink() {
                walk(&path, depth - 1, found)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "toml")
            && is_scenario(&path).map_err(|error| wrong(&path, error))?
        {
            found.push(path);
        }
    }
    Ok(())
}

/// Whether the first lines name the version of the format: not every TOML file is a scenario.
fn is_scenario(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    let head = String::from_utf8_lossy(&head);
    Ok(head
        .lines()
        .any(|line| line.trim_start_matches('\u{feff}').trim_start().starts_with("format_version")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_give_their_scenarios_by_name_and_named_files_are_meant() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("deep/er")).unwrap();
        fs::create_dir_all(at(".hidden")).unwrap();
        for name in ["b.toml", "a.toml", "deep/er/c.toml", ".hidden/d.toml"] {
            fs::write(at(name), "\u{feff}# a comment\n format_version = 1\n").unwrap();
        }
        fs::write(at("submission.toml"), "server = \"x\"\n").unwrap();
        fs::write(at("README.md"), "format_version\n").unwrap();
        let all = select(&[folder.path().to_owned()]).unwrap();
        assert_eq!(all, [at("a.toml"), at("b.toml"), at("deep/er/c.toml")]);
        let named = [at("submission.toml"), at("a.toml"), folder.path().to_owned()];
        let order = [at("submission.toml"), at("a.toml"), at("b.toml"), at("deep/er/c.toml")];
        assert_eq!(select(&named).unwrap(), order);
        assert_eq!(select(&[at("nowhere")]).unwrap(), [at("nowhere")]);
    }
}
