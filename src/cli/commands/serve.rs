//! stub
use crate::cli::args;
use crate::cli::exit::{Exit, Problem};
use crate::cli::terminal::Terminal;
pub(in crate::cli) fn run(_: &args::Serve, _: &Terminal) -> Result<Exit, Problem> {
    Err(Problem::new(Exit::Internal, "stub"))
}
