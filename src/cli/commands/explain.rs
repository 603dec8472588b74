//! `netfault explain`: what an error means, by name, by number, by its words, or out of a pasted text.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::knowledge::{self, Answer, Lines, Topic};
use crate::report::{self, Contents, Explained};
use serde::Serialize;
use std::io::{self, IsTerminal};

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Explain, terminal: &Terminal) -> Result<Exit, Problem> {
    if args.list {
        put(&match terminal.format {
            Format::Text => report::contents(&terminal.look),
            Format::Json => report::json(&Contents::new(terminal.look.lang)),
        })?;
        return Ok(Exit::Success);
    }
    let found = if args.what == ["-"] { pasted(terminal)? } else { named(&args.what.join(" ")) };
    let answer = match found {
        Ok(answer) => answer,
        Err(problem) => {
            terminal.complain_as(&problem, &Unrecognised { recognised: [], error: &problem });
            return Ok(problem.exit);
        }
    };
    put(&match terminal.format {
        Format::Text => report::answer(&answer, &terminal.look, args.brief),
        Format::Json => report::json(&Explained::new(&answer, terminal.look.lang)),
    })?;
    Ok(Exit::Success)
}

/// For scripts, when nothing was recognised.
#[derive(Serialize)]
struct Unrecognised<'a> {
    recognised: [(); 0],
    error: &'a Problem,
}

fn named(words: &str) -> Result<Answer, Problem> {
    knowledge::look_up(words).map_err(|unexplained| {
        let problem = Problem::new(Exit::Fault, format!("{words:?} is no error or idea that the catalogue knows"))
            .hint("`netfault explain --list` shows all that can be explained.");
        let commands = unexplained.nearest.iter().map(|id| format!("netfault explain {id}")).collect();
        Problem { commands, ..problem }
    })
}

/// The first network error of the traceback or the log on stdin. That it cannot be read is another problem than
/// that nothing is in it.
fn pasted(terminal: &Terminal) -> Result<Result<Answer, Problem>, Problem> {
    if io::stdin().is_terminal() {
        let end = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };
        terminal.progress(&format!("Paste the traceback or the log, then press {end}."));
    }
    let mut read = Ok(0);
    let lines = Lines::new(io::stdin().lock()).map_while(|line| match (&mut read, line) {
        (Ok(count), Ok(line)) => {
            *count += 1;
            Some(line)
        }
        (read, Err(error)) => {
            *read = Err(error);
            None
        }
        (Err(_), _) => None,
    });
    let found = knowledge::read(lines);
    let count: usize = read.map_err(|error| Problem::io("read stdin", &error))?;
    Ok(match found {
        Some(sighting) => Ok(Answer { topics: vec![Topic::Error(sighting)], number: None }),
        None if count == 0 => Err(Problem::new(Exit::Fault, "stdin is empty: there is nothing to explain")
            .hint("Send it what the program printed: `python3 client.py 2>&1 | netfault explain -`")),
        None => Err(Problem::new(Exit::Fault, "no network error was found in the text")
            .hint("Paste all of it, up to its last line; or name the error.")),
    })
}
