//! What a submission runs: as its `submission.toml` says, else the files whose names the scenario gives.

use super::sys::is_executable;
use super::{SUBMISSION, Wanted};
use crate::document::{Mistake, Mistakes, Node, Value, toml, unknown_key};
use crate::scenario::replay::quoted;
use regex::Regex;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// How deep a submission is searched: an archive often has one folder around everything.
const DEPTH: usize = 4;

/// What a submission lacks, so that nothing of it can run.
#[derive(Debug)]
pub enum Lack {
    /// No file has any of these names.
    File {
        /// The parameter.
        parameter: String,
        /// The names that were looked for.
        names: Vec<String>,
    },
    /// Nobody knows how to run a file.
    Runner(PathBuf),
    /// Its `submission.toml` is wrong: each mistake with its place.
    Text(String),
    /// The folder cannot be read.
    Folder(io::Error),
}

/// The value of each wanted parameter for the submission in this folder, as `--set` takes it; file names in it are
/// absolute. `given` were set for all submissions.
pub fn programs(
    folder: &Path,
    wanted: &[Wanted],
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Lack> {
    let mut set = declared(folder, wanted)?;
    for program in wanted {
        if set.contains_key(&program.name) || given.contains_key(&program.name) {
            continue;
        }
        match found(folder, program).map_err(Lack::Folder)? {
            Some(file) => {
                set.insert(program.name.clone(), command(&file)?);
            }
            None if program.has_default && program.files.is_empty() => {}
            None => return Err(Lack::File { parameter: program.name.clone(), names: program.files.clone() }),
        }
    }
    Ok(set)
}

/// A command of a command line, whose files are meant from the current folder. The first word is a program unless it
/// is a path.
pub fn located(command: &str) -> String {
    let Some(words) = shlex::split(command) else { return command.to_owned() };
    let located = words.iter().enumerate().map(|(place, word)| {
        let is_file = (place > 0 || word.contains('/')) && Path::new(word).is_file();
        let absolute = if is_file { std::path::absolute(word).ok() } else { None };
        absolute.map_or_else(|| word.clone(), |file| file.display().to_string())
    });
    joined(&located.collect::<Vec<_>>())
}

/// The parameters in `submission.toml`, if there is one.
fn declared(folder: &Path, wanted: &[Wanted]) -> Result<BTreeMap<String, String>, Lack> {
    let text = match fs::read_to_string(folder.join(SUBMISSION)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(Lack::Text(format!("{SUBMISSION} is not UTF-8")));
        }
        Err(error) => return Err(Lack::Folder(error)),
    };
    let text = text.trim_start_matches('\u{feff}');
    read(text, folder, wanted).map_err(|mistakes| {
        let told = mistakes.iter().map(|mistake| {
            let place = mistake.place(text);
            format!("{SUBMISSION}:{}:{}: {}\n{place}", place.line, place.column, mistake.what)
        });
        Lack::Text(told.collect::<Vec<_>>().join("\n"))
    })
}

fn read(text: &str, folder: &Path, wanted: &[Wanted]) -> Result<BTreeMap<String, String>, Vec<Mistake>> {
    let root = toml(text).map_err(|mistake| vec![mistake])?;
    let mut mistakes = Mistakes::default();
    let mut set = BTreeMap::new();
    for entry in root.entries().unwrap_or_default() {
        if wanted.iter().any(|program| program.name == entry.key) {
            match words(&entry.node) {
                Some(words) => {
                    let words: Vec<String> = words.iter().map(|word| inside(folder, word)).collect();
                    set.insert(entry.key.clone(), joined(&words));
                }
                None => mistakes.add(
                    entry.node.at,
                    format!("{}: expected a command, such as \"python3 server.py\" or a list of its words, found {}", entry.key, entry.node),
                ),
            }
        } else {
            mistakes.add(entry.at, unknown(&entry.key, wanted));
        }
    }
    mistakes.or(set)
}

fn unknown(key: &str, wanted: &[Wanted]) -> String {
    let names: Vec<&str> = wanted.iter().map(|program| program.name.as_str()).collect();
    unknown_key("a submission", key, &names)
}

/// The words of a command.
fn words(node: &Node) -> Option<Vec<String>> {
    let words = match &node.value {
        Value::Text(text) => shlex::split(text)?,
        Value::List(nodes) => {
            nodes.iter().map(|node| node.text().map(str::to_owned)).collect::<Option<_>>()?
        }
        _ => return None,
    };
    (!words.is_empty()).then_some(words)
}

/// The path of a file of the submission; any other word as it is. A way out of the folder is no file of it.
fn inside(folder: &Path, word: &str) -> String {
    let is_within =
        Path::new(word).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let file = folder.join(word);
    if !word.is_empty() && is_within && file.is_file() { file.display().to_string() } else { word.to_owned() }
}

/// The file that a parameter means: the first name for which there is one, and of several the one that lies highest.
fn found(folder: &Path, program: &Wanted) -> io::Result<Option<PathBuf>> {
    let mut files = Vec::new();
    walk(folder, DEPTH, &mut files)?;
    let relative = |file: &Path| file.strip_prefix(folder).unwrap_or(file).to_path_buf();
    files.sort_by_key(|file| (relative(file).components().count(), relative(file)));
    Ok(program.files.iter().find_map(|pattern| {
        let regex = pattern_of(pattern)?;
        let fits = |file: &&PathBuf| {
            let name = if pattern.contains('/') {
                relative(file).display().to_string().replace('\\', "/")
            } else {
                file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            };
            regex.is_match(&name)
        };
        files.iter().find(fits).cloned()
    }))
}

fn pattern_of(pattern: &str) -> Option<Regex> {
    let parts: Vec<String> = pattern.split('*').map(regex::escape).collect();
    Regex::new(&format!("^{}$", parts.join("[^/]*"))).ok()
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(['.', '_']) || path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            if depth > 0 {
                walk(&path, depth - 1, files)?;
            }
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// How a file is run: by what its ending says, else by itself.
fn command(file: &Path) -> Result<String, Lack> {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let runner: &[&str] = match ending.as_str() {
        "py" => &["python3"],
        "js" => &["node"],
        "sh" => &["bash"],
        "jar" => &["java", "-jar"],
        _ if is_executable(file) => &[],
        _ => return Err(Lack::Runner(file.to_path_buf())),
    };
    let words = runner.iter().map(|word| (*word).to_owned()).chain([file.display().to_string()]);
    Ok(joined(&words.collect::<Vec<_>>()))
}

/// One text that a shell would split into these words.
fn joined(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
