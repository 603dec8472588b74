//! One command a file: typed arguments in, an exit code out.

mod cause;
pub(super) mod diagnose;
pub(super) mod explain;
pub(super) mod fetch;
pub(super) mod load;
mod mistakes;
pub(super) mod net;
pub(super) mod peer;
pub(super) mod print;
pub(super) mod proxy;
pub(super) mod recover;
pub(super) mod render;
pub(super) mod reproduce;
pub(super) mod scenario;
pub(super) mod send;
pub(super) mod serve;
