//! `netfault scenario new`: writes a scenario to begin with.

use crate::cli::args::{self, Format};
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::{Terminal, put};
use crate::report;
use crate::scenario::template;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};

/// Runs the command.
pub(super) fn run(args: &args::New, terminal: &Terminal) -> Result<Exit, Problem> {
    let path = args.dir.join(format!("{}.toml", args.name));
    let shown = path.display();
    let failed = |error: &std::io::Error| Problem::io(format_args!("write {shown}"), error);
    fs::create_dir_all(&args.dir).map_err(|error| failed(&error))?;
    let mut draft = tempfile::Builder::new()
        .prefix(".netfault-")
        .make_in(&args.dir, |draft| File::create_new(draft))
        .map_err(|error| failed(&error))?;
    draft.write_all(template::text(&args.name).as_bytes()).map_err(|error| failed(&error))?;
    draft.persist_noclobber(&path).map_err(|refused| match refused.error.kind() {
        ErrorKind::AlreadyExists => Problem::new(Exit::Usage, format!("{shown} is there already"))
            .hint("Choose another name, or take that file away first."),
        _ => failed(&refused.error),
    })?;
    let look = &terminal.look;
    let next = [
        ("play it", format!("netfault scenario run {shown}")),
        ("check it", format!("netfault scenario validate {shown}")),
        ("help of an editor", "netfault scenario schema > scenario.schema.json".to_owned()),
    ];
    let lines = next.map(|(what, command)| format!("  {what}: {}\n", look.command(&command)));
    put(&match terminal.format {
        Format::Json => report::json(&Written { wrote: shown.to_string() }),
        _ => format!("wrote {shown}\n{}", lines.concat()),
    })?;
    Ok(Exit::Success)
}

/// For scripts.
#[derive(Serialize)]
struct Written {
    wrote: String,
}
