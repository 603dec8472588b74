//! `netfault completions` and `netfault man`: what other programs want to know of the command line.

use crate::cli::args;
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::put;

/// The completion script of a shell.
pub(in crate::cli) fn completions(shell: args::Shell) -> Result<Exit, Problem> {
    put(&args::completions(shell))?;
    Ok(Exit::Success)
}

/// The manual page, roff(7).
pub(in crate::cli) fn manual() -> Result<Exit, Problem> {
    let page = args::manual().map_err(|error| Problem::io("write the manual", &error))?;
    put(&page)?;
    Ok(Exit::Success)
}
