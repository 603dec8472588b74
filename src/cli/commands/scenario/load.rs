//! Scenario files: all of them are read before any is run, and everything that is wrong with any of them is told.

use super::files::{self, Unreadable};
use crate::cli::exit::{Exit, Problem};
use crate::document::Mistake;
use crate::scenario::{Given, Scenario, read};
use std::path::{Path, PathBuf};

/// A file and its text.
pub(super) struct Source {
    pub(super) file: PathBuf,
    pub(super) text: String,
}

/// What is wrong with files, as their authors are told.
#[derive(Default)]
pub(super) struct Wrong(Vec<String>);

impl Wrong {
    /// What a reader gives; what is wrong is kept. The same mistake is told once.
    pub(super) fn unless<T>(&mut self, source: &Source, read: Result<T, Vec<Mistake>>) -> Option<T> {
        read.map_err(|mistakes| self.add(&Unreadable::with(&source.file, &source.text, &mistakes))).ok()
    }

    fn add(&mut self, unreadable: &Unreadable) {
        for problem in unreadable.problems() {
            if !self.0.contains(&problem.message) {
                self.0.push(problem.message);
            }
        }
    }

    /// The end of the command, if anything is wrong.
    pub(super) fn check(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::new(Exit::Usage, self.0.join("\n"))) }
    }
}

/// The files that are meant, each with its text; of one that cannot be read, `wrong` says why.
pub(super) fn sources(paths: &[PathBuf], wrong: &mut Wrong) -> Result<Vec<Source>, Problem> {
    Ok(files::selected(paths)?.iter().filter_map(|file| source(file, wrong)).collect())
}

/// A file with its text.
pub(super) fn source(file: &Path, wrong: &mut Wrong) -> Option<Source> {
    let text = files::text(file).map_err(|unreadable| wrong.add(&unreadable)).ok()?;
    Some(Source { file: file.to_owned(), text })
}

impl Source {
    /// The scenario with these parameters; what is wrong goes to `wrong`.
    pub(super) fn scenario(&self, given: &Given, wrong: &mut Wrong) -> Option<Scenario> {
        wrong.unless(self, read(&self.file, &self.text, given))
    }
}
