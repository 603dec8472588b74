//! A page of the catalogue, in the order in which it is read.

mod json;
mod text;

pub use json::Explained;
pub use text::{answer, numbers};
