//! The files of scenarios: which are meant, and what is wrong with one that cannot be read.

use crate::cli::commands::mistakes::told;
use crate::cli::exit::{Exit, Problem};
use crate::document::Mistake;
use serde::Serialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file of a submission, not a scenario.
const SUBMISSION: &str = "submission.toml";

/// The files, and those in the folders: in a folder every `.toml`, by name, and then its own folders.
pub(super) fn selected(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, &mut files).map_err(|error| usage(path, &error))?;
        } else {
            files.push(path.clone());
        }
    }
    let mut unique: Vec<PathBuf> = Vec::new();
    for file in files {
        if !unique.contains(&file) {
            unique.push(file);
        }
    }
    if unique.is_empty() { Err(nothing(paths)) } else { Ok(unique) }
}

/// What is said when there is no scenario in any of these.
pub(super) fn nothing(paths: &[PathBuf]) -> Problem {
    let all: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let what = match all.as_slice() {
        [] => "nothing selected: no file was named".to_owned(),
        _ => format!("nothing selected: there is no scenario in {}", all.join(", ")),
    };
    let hint = "Name a scenario or a folder of them; `netfault scenario new NAME` writes one.";
    Problem::new(Exit::Unsupported, what).hint(hint)
}

/// Does not follow links to folders, which may lead in a circle.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    let mut entries: Vec<(bool, PathBuf)> = entries
        .iter()
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| Ok((entry.file_type()?.is_dir(), entry.path())))
        .collect::<io::Result<_>>()?;
    entries.sort();
    for (is_folder, path) in entries {
        let is_toml = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        if is_folder {
            walk(&path, files)?;
        } else if is_toml && path.is_file() && path.file_name().is_some_and(|name| name != SUBMISSION) {
            files.push(path);
        }
    }
    Ok(())
}

/// The text of a scenario.
pub(super) fn text(file: &Path) -> Result<String, Unreadable> {
    let bytes = fs::read(file).map_err(|error| Unreadable::of(usage(file, &error).message))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
        let what = format!("{}: line {line}: the text is not UTF-8", file.display());
        Unreadable::of(what)
    })
}

fn usage(path: &Path, error: &io::Error) -> Problem {
    let problem = Problem::io(format_args!("read {}", path.display()), error);
    Problem { exit: Exit::Usage, ..problem }
}

/// A file that is no scenario, and why.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// The mistakes in words, each with its lines.
    told: Vec<String>,
    /// The same for scripts.
    json: Vec<Told>,
}

/// A mistake for scripts.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Told {
    /// From 1; none when it is about no line.
    line: Option<usize>,
    /// From 1.
    column: Option<usize>,
    message: String,
}

impl Unreadable {
    /// A file with these mistakes.
    pub(super) fn with(file: &Path, text: &str, mistakes: &[Mistake]) -> Self {
        let mut this = Self { told: Vec::new(), json: Vec::new() };
        for mistake in mistakes {
            let message = mistake.what.clone();
            // What the command line says stands on no line.
            let is_elsewhere = message.starts_with("--set");
            let place = mistake.place(text);
            let at = |number: usize| (!is_elsewhere).then_some(number);
            this.told.push(if is_elsewhere {
                format!("{}: {message}", file.display())
            } else {
                told(mistake, file, text)
            });
            this.json.push(Told { line: at(place.line), column: at(place.column), message });
        }
        this
    }

    fn of(message: String) -> Self {
        Self { told: vec![message.clone()], json: vec![Told { line: None, column: None, message }] }
    }

    /// One for each mistake.
    pub(super) fn problems(&self) -> impl Iterator<Item = Problem> {
        self.told.iter().map(|told| Problem::new(Exit::Usage, told.clone()))
    }

    /// For scripts.
    pub(super) fn json(&self) -> &[Told] {
        &self.json
    }
}
