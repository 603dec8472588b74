//! One command a file: typed arguments in, an exit code out.

pub(super) mod explain;
mod holder;
pub(super) mod print;
pub(super) mod reproduce;
pub(super) mod send;
pub(super) mod serve;
