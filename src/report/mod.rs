//! Renderers: one format a file. They take what was found and give text; they open no socket, read no clock
//! and print nothing.

mod block;
mod diagnosis;
pub mod handbook;
mod json;
mod list;
mod look;
mod outcome;
mod page;
mod wrap;

pub use diagnosis::diagnosis;
pub use json::{json, json_line};
pub use list::{Contents, FaultList, contents, fault_list, listing};
pub use look::{Look, WIDTH_OF_FILES};
pub use outcome::{Outcomes, outcomes};
pub use page::{Explained, answer, numbers};
pub use wrap::wrap;
