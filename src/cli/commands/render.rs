//! `netfault render`: a saved trace in any format.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::output::Output;
use crate::cli::terminal::{Terminal, put};
use crate::report;
use crate::trace::Run;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// Runs the command. That a run failed is what the report says, and no failure to render it.
pub(in crate::cli) fn run(args: &args::Render, terminal: &Terminal) -> Result<Exit, Problem> {
    let run = read(&args.trace)?;
    let output = args.output.as_deref().map(Output::to).transpose()?;
    let mut look = if output.is_some() { terminal.look.plain() } else { terminal.look };
    look.ascii |= args.ascii;
    let run = if args.reproducible { report::run::reproducible(&run) } else { run };
    let sequence = || report::run::sequence(&run, &look);
    let runs = std::slice::from_ref(&run);
    let rendered = match terminal.format {
        Format::Json => report::json(&report::run::json(runs, look.lang)),
        Format::Junit => report::run::junit(runs, look.lang),
        Format::Html => report::run::html(runs, look.lang, args.reproducible),
        Format::Sequence => sequence(),
        Format::Ndjson => run.ndjson(),
        _ => report::run::text(runs, &look),
    };
    match output {
        Some(output) => output.write(&rendered)?,
        None => put(&rendered)?,
    }
    Ok(Exit::Success)
}

fn read(path: &Path) -> Result<Run, Problem> {
    let is_stdin = path == Path::new("-");
    let shown = if is_stdin { "stdin".to_owned() } else { path.display().to_string() };
    let mut bytes = Vec::new();
    let read = if is_stdin {
        io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        fs::read(path).map(|read| bytes = read)
    };
    read.map_err(|error| {
        let problem = Problem::io(format_args!("read {shown}"), &error);
        Problem { exit: Exit::Usage, ..problem }
    })?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let until = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..until].split(|byte| *byte == b'\n').count();
        wrong(&shown, line, "expected a trace, which is UTF-8")
    })?;
    // PowerShell's redirection begins a file with a mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Run::read(text).map_err(|unreadable| wrong(&shown, unreadable.line, &unreadable.why))
}

fn wrong(file: &str, line: usize, why: &str) -> Problem {
    Problem::new(Exit::Usage, format!("{file}:{line}: {}", report::one_line(why, false)))
        .hint("A trace is what `scenario run --trace` and `proxy --events` write: a header, then a line of JSON for each event.")
}
