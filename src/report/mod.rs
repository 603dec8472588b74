//! Renderers: one format a file. They take what was found and give text; they open no socket, read no clock
//! and print nothing.

mod json;
mod look;
mod wrap;

pub use json::json;
pub use look::Look;
pub use wrap::wrap;
