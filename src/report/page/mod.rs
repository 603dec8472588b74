//! A page of the catalogue, in the order in which it is read.

mod json;
pub(super) mod parts;
mod text;

pub use json::Explained;
pub(super) use json::{Explanation, Leaflet};
pub(super) use text::page;
pub use text::{answer, numbers};
