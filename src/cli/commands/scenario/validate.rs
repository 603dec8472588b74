//! `netfault scenario validate`: every mistake of every file. Runs nothing.

use super::files::{self, Told, Unreadable};
use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::report;
use crate::scenario::{Given, Scenario, look_at};
use serde::Serialize;
use std::path::Path;

/// Runs the command.
pub(super) fn run(args: &args::Validate, terminal: &Terminal) -> Result<Exit, Problem> {
    let given = args.values.given();
    let files = files::selected(&args.files)?;
    let mut looked = Vec::new();
    for file in &files {
        let read = read(file, &given);
        match &read {
            Ok(scenario) if terminal.format == Format::Text => {
                put(&format!("{}: {}\n", file.display(), terminal.look.good(&summary(scenario))))?;
            }
            Ok(_) => {}
            Err(unreadable) => unreadable.problems().for_each(|problem| terminal.tell(&problem)),
        }
        looked.push(Looked {
            file: file.display().to_string(),
            valid: read.is_ok(),
            mistakes: read.err().map(|unreadable| unreadable.json().to_vec()).unwrap_or_default(),
        });
    }
    let are_valid = looked.iter().all(|file| file.valid);
    if terminal.format == Format::Json {
        put(&report::json(&Files { files: looked }))?;
    }
    Ok(if are_valid { Exit::Success } else { Exit::Usage })
}

/// The scenario of a file, as far as it can be told without values that only a run needs.
pub(super) fn read(file: &Path, given: &Given) -> Result<Scenario, Unreadable> {
    let text = files::text(file)?;
    look_at(file, &text, given).map_err(|mistakes| Unreadable::with(file, &text, &mistakes))
}

fn summary(scenario: &Scenario) -> String {
    let counted =
        |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    format!(
        "valid ({}, {}, {})",
        counted(scenario.programs.len(), "program"),
        counted(scenario.steps.len(), "step"),
        counted(scenario.expectations.len(), "expectation"),
    )
}

#[derive(Serialize)]
struct Files {
    files: Vec<Looked>,
}

#[derive(Serialize)]
struct Looked {
    file: String,
    valid: bool,
    mistakes: Vec<Told>,
}
