//! `netfault scenario list`: what there is, what it teaches, how long it takes.

use super::files::{self, Unreadable};
use super::validate;
use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::fault::Named;
use crate::knowledge;
use crate::lang::Lang;
use crate::report::{self, Look};
use crate::scenario::{Given, Scenario};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Runs the command.
pub(super) fn run(args: &args::List, terminal: &Terminal) -> Result<Exit, Problem> {
    let (mut scenarios, mut unreadable) = (Vec::new(), Vec::new());
    for file in selected(&args.files)? {
        match validate::read(&file, &Given::default()) {
            Ok(scenario) => scenarios.push(scenario),
            Err(wrong) => unreadable.push(wrong),
        }
    }
    let lang = terminal.look.lang;
    put(&match terminal.format {
        Format::Json => {
            report::json(&Listed { scenarios: scenarios.iter().map(|it| Entry::of(it, lang)).collect() })
        }
        _ => text(&scenarios, &terminal.look),
    })?;
    unreadable.iter().flat_map(Unreadable::problems).for_each(|problem| terminal.tell(&problem));
    Ok(if unreadable.is_empty() { Exit::Success } else { Exit::Usage })
}

/// What is listed when nothing is named.
const FOLDER: &str = "scenarios";

fn selected(named: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    if !named.is_empty() {
        return files::selected(named);
    }
    let folder = PathBuf::from(FOLDER);
    if folder.is_dir() { files::selected(&[folder]) } else { Err(files::nothing(&[folder])) }
}

/// Folder by folder.
fn text(scenarios: &[Scenario], look: &Look) -> String {
    let terms = knowledge::terms(look.lang);
    let mut groups: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for scenario in scenarios {
        let folder = scenario.file.parent().unwrap_or(Path::new("")).display().to_string();
        let mut about = scenario.title.text(look.lang).to_owned();
        let taught: Vec<&str> = scenario.teaches.iter().map(|named| named.id()).collect();
        let takes =
            scenario.takes.map(|time| format!("{} {}", terms.takes, humantime::format_duration(time)));
        let taught = (!taught.is_empty()).then(|| format!("{} {}", terms.teaches, taught.join(", ")));
        let more: Vec<String> = taught.into_iter().chain(takes).collect();
        if !more.is_empty() {
            about = format!("{about}\n{}", more.join("; "));
        }
        let entry = (scenario.name.clone(), about);
        match groups.last_mut().filter(|(last, _)| *last == folder) {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((folder, vec![entry])),
        }
    }
    report::listing(&groups, look)
}

#[derive(Serialize)]
struct Listed<'a> {
    scenarios: Vec<Entry<'a>>,
}

/// A scenario for scripts.
#[derive(Serialize)]
struct Entry<'a> {
    file: String,
    name: &'a str,
    title: &'a str,
    text: &'a str,
    teaches: Vec<&'static str>,
    /// In seconds.
    takes: Option<f64>,
    /// What all expectations are worth.
    points: Option<u32>,
    parameters: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    fn of(scenario: &'a Scenario, lang: Lang) -> Self {
        let points = scenario.expectations.iter().filter_map(|expect| expect.points);
        let points = points.reduce(u32::saturating_add);
        Self {
            file: scenario.file.display().to_string(),
            name: &scenario.name,
            title: scenario.title.text(lang),
            text: scenario.text.text(lang),
            teaches: scenario.teaches.iter().copied().map(Named::id).collect(),
            takes: scenario.takes.map(|time| time.as_secs_f64()),
            points,
            parameters: scenario.parameters.keys().map(String::as_str).collect(),
        }
    }
}
