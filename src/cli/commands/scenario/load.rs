//! Scenario files: all of them are read before any is run, and everything that is wrong with any of them is told.

use crate::cli::args;
use crate::cli::exit::{Exit, Problem};
use crate::document::Mistake;
use crate::scenario::{Given, Scenario, files, read};
use std::collections::BTreeMap;
use std::fs;
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
        read.map_err(|mistakes| {
            for mistake in mistakes {
                let told = told(&mistake, &source.file, &source.text);
                if !self.0.contains(&told) {
                    self.0.push(told);
                }
            }
        })
        .ok()
    }

    /// The end of the command, if anything is wrong.
    pub(super) fn check(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::new(Exit::Usage, self.0.join("\n"))) }
    }
}

fn told(mistake: &Mistake, file: &Path, text: &str) -> String {
    let place = mistake.place(text);
    let caret = place.to_string().replace('\n', "\n  ");
    format!("{}:{}:{}: {}\n  {caret}", file.display(), place.line, place.column, mistake.what)
}

/// The files that are meant, each with its text.
pub(super) fn sources(paths: &[PathBuf]) -> Result<Vec<Source>, Problem> {
    let files =
        files::select(paths).map_err(|unreadable| cannot_read(&unreadable.path, &unreadable.error))?;
    if files.is_empty() {
        let folders: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let what = format!("there is no scenario in {}", folders.join(", "));
        return Err(Problem::new(Exit::Unsupported, what)
            .hint("A scenario is a .toml file with a line `format_version = 1`; `netfault scenario new NAME` writes one."));
    }
    files.iter().map(|file| source(file)).collect()
}

/// A file with its text.
pub(super) fn source(file: &Path) -> Result<Source, Problem> {
    let text = fs::read_to_string(file).map_err(|error| cannot_read(file, &error))?;
    Ok(Source { file: file.to_owned(), text })
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Problem {
    Problem { exit: Exit::Usage, ..Problem::io(format_args!("read {}", path.display()), error) }
}

impl Source {
    /// The scenario with these parameters; what is wrong goes to `wrong`.
    pub(super) fn scenario(&self, given: &Given, wrong: &mut Wrong) -> Option<Scenario> {
        wrong.unless(self, read(&self.file, &self.text, given))
    }
}

/// What the command line sets.
pub(super) fn given(args: &args::Given) -> Result<Given, Problem> {
    let mut set = BTreeMap::new();
    for (name, value) in &args.set {
        if set.insert(name.clone(), value.clone()).is_some() {
            return Err(Problem::new(Exit::Usage, format!("--set {name} was given twice")));
        }
    }
    Ok(Given { set, seed: args.seed })
}
