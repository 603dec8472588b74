//! The files of scenarios: which are meant, and what is wrong with one that cannot be read.

use crate::cli::commands::mistakes::{self, cannot_read, told};
use crate::cli::exit::{Exit, Problem};
use crate::document::Mistake;
use crate::scenario::files;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The files, and the scenarios in the folders.
pub(super) fn selected(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let files =
        files::select(paths).map_err(|unreadable| cannot_read(&unreadable.path, &unreadable.error))?;
    if files.is_empty() { Err(nothing(paths)) } else { Ok(files) }
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

/// The text of a scenario.
pub(super) fn text(file: &Path) -> Result<String, Unreadable> {
    mistakes::text(file).map_err(|problem| Unreadable::of(problem.message))
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
