//! `netfault explain`: what an error means, by name, by number, by its words, or out of a pasted text.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::output::Output;
use crate::cli::terminal::{Terminal, put};
use crate::knowledge::{self, Answer, Lines, Topic};
use crate::report::handbook::Handbook;
use crate::report::{self, Contents, Explained};
use serde::Serialize;
use std::io::{self, IsTerminal};

/// A zero byte on one of so many first lines shows that a text is none.
const HEAD: usize = 100;

/// Runs the command.
pub(in crate::cli) fn run(args: &args::Explain, terminal: &Terminal) -> Result<Exit, Problem> {
    if args.all {
        return handbook(args, terminal);
    }
    if args.list {
        put(&match terminal.format {
            Format::Json => report::json(&Contents::new(terminal.look.lang)),
            _ => report::contents(&terminal.look),
        })?;
        return Ok(Exit::Success);
    }
    let found = match args.what.as_slice() {
        [dash] if dash == "-" => pasted(terminal)?,
        words if words.iter().any(|word| word == "-") => {
            return Err(Problem::new(Exit::Usage, "both `-` and words were given")
                .hint("`-` alone reads a text from stdin; words alone say what to explain."));
        }
        words => named(&words.join(" ")),
    };
    let answer = match found {
        Ok(answer) => answer,
        Err(problem) => {
            terminal.complain_as(&problem, &Unrecognised { recognised: [], error: &problem });
            return Ok(problem.exit);
        }
    };
    put(&match terminal.format {
        Format::Json => report::json(&Explained::new(&answer, terminal.look.lang)),
        _ => report::answer(&answer, &terminal.look, args.brief),
    })?;
    Ok(Exit::Success)
}

/// The whole catalogue.
fn handbook(args: &args::Explain, terminal: &Terminal) -> Result<Exit, Problem> {
    let output = args.output.as_deref().map(Output::to).transpose()?;
    let look = if output.is_some() { terminal.look.plain() } else { terminal.look };
    let book = match terminal.format {
        Format::Json => report::json(&Handbook::new(look.lang)),
        Format::Html => report::handbook::html(look.lang),
        Format::Markdown => report::handbook::markdown(look.lang),
        _ => report::handbook::text(&look),
    };
    match output {
        Some(output) => output.write(&book)?,
        None => put(&book)?,
    }
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
        let problem =
            Problem::new(Exit::Fault, format!("{words:?} is no error or idea that the catalogue knows"))
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
    let (mut count, mut broken, mut is_binary) = (0, None, false);
    let lines = Lines::new(io::stdin().lock()).map_while(|line| {
        count += 1;
        let line = line.map_err(|error| broken = Some(error)).ok()?;
        is_binary |= count <= HEAD && line.contains('\0');
        (!is_binary).then_some(line)
    });
    let found = knowledge::read(lines);
    if let Some(error) = broken {
        return Err(Problem::io("read stdin", &error));
    }
    if is_binary {
        return Err(Problem::new(Exit::Usage, "stdin is not text: it has zero bytes")
            .hint("Send it what the program printed, as text in UTF-8 or UTF-16."));
    }
    Ok(match found {
        Some(sighting) => Ok(Answer { topics: vec![Topic::Error(sighting)], number: None }),
        None if count == 0 => Err(Problem::new(Exit::Fault, "stdin is empty: there is nothing to explain")
            .hint("Send it what the program printed: `python3 client.py 2>&1 | netfault explain -`")),
        None => Err(Problem::new(Exit::Fault, "no network error was found in the text")
            .hint("Paste all of it, up to its last line; or name the error.")),
    })
}
