//! `netfault explain`: what an error means, by name, by number, by its words, or out of a pasted text.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::knowledge::{self, Topic, Unexplained};
use crate::report::{self, Contents, Explained};
use serde::Serialize;
use std::io::{self, IsTerminal, Read};

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Explain, terminal: &Terminal) -> Result<Exit, Problem> {
    if args.list {
        put(&match terminal.format {
            Format::Text => report::contents(&terminal.look),
            Format::Json => report::json(&Contents::new(terminal.look.lang)),
        })?;
        return Ok(Exit::Success);
    }
    let found = if args.what == ["-"] { pasted(&stdin(terminal)?) } else { named(&args.what.join(" ")) };
    let topics = match found {
        Ok(topics) => topics,
        Err(problem) => {
            terminal.complain_as(&problem, &Unrecognised { recognised: [], error: &problem });
            return Ok(problem.exit);
        }
    };
    put(&match terminal.format {
        Format::Text => report::topics(&topics, &terminal.look, args.brief),
        Format::Json => report::json(&Explained::new(&topics, terminal.look.lang)),
    })?;
    Ok(Exit::Success)
}

/// For scripts, when nothing was recognised.
#[derive(Serialize)]
struct Unrecognised<'a> {
    recognised: [(); 0],
    error: &'a Problem,
}

fn named(words: &str) -> Result<Vec<Topic>, Problem> {
    knowledge::look_up(words).map_err(|unexplained| unknown(&format!("{words:?}"), &unexplained))
}

/// The first network error of a traceback or a log.
fn pasted(text: &str) -> Result<Vec<Topic>, Problem> {
    let sighting = knowledge::read(text).ok_or_else(|| {
        Problem::new(Exit::Fault, "no network error was found in the text")
            .hint("Paste all of it, up to its last line; or name the error.")
    })?;
    match (sighting.page(), sighting.code) {
        (None, Some(code)) => {
            let line = sighting.line.map(|line| format!(" on line {line}")).unwrap_or_default();
            let unexplained = Unexplained { codes: vec![code], nearest: Vec::new() };
            Err(unknown(&format!("{}{line}", code.name), &unexplained))
        }
        _ => Ok(vec![Topic::Error(sighting)]),
    }
}

fn unknown(what: &str, unexplained: &Unexplained) -> Problem {
    let known: Vec<String> = unexplained
        .codes
        .iter()
        .map(|code| format!("{} is {:?} ({})", code.name, code.text, report::numbers(code)))
        .collect();
    let problem = if known.is_empty() {
        Problem::new(Exit::Fault, format!("{what} is no error or idea that the catalogue knows"))
    } else {
        Problem::new(Exit::Fault, format!("no page explains {what}; {}", known.join("; ")))
    };
    let problem = problem.hint("`netfault explain --list` shows all that can be explained.");
    Problem {
        commands: unexplained.nearest.iter().map(|id| format!("netfault explain {id}")).collect(),
        ..problem
    }
}

/// All of stdin, whatever its encoding is: programs on Windows write UTF-16 too.
fn stdin(terminal: &Terminal) -> Result<String, Problem> {
    if io::stdin().is_terminal() {
        let end = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };
        terminal.progress(&format!("Paste the traceback or the log, then press {end}."));
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(|error| Problem::io("read stdin", &error))?;
    Ok(match bytes.strip_prefix(&[0xff, 0xfe]) {
        Some(utf16) => {
            let units: Vec<u16> =
                utf16.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(&bytes).into_owned(),
    })
}
