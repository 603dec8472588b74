//! `netfault scenario schema`: the language as editors read it.

use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::put;
use crate::scenario::schema;

/// Runs the command.
pub(super) fn run() -> Result<Exit, Problem> {
    put(&schema::text())?;
    Ok(Exit::Success)
}
