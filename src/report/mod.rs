//! Renderers: one format a file. They take what was found and give text; they open no socket, read no clock
//! and print nothing.

mod block;
mod diagnosis;
mod fetched;
pub mod grades;
pub mod handbook;
mod json;
pub mod lesson;
mod list;
pub mod load;
mod look;
mod outcome;
mod page;
pub mod recovery;
pub mod run;
mod strategy;
mod visible;
mod web;
mod wrap;

pub use diagnosis::diagnosis;
pub use fetched::{amount, fetched, rate, reason, stage_name};
pub use json::{json, json_line};
pub use list::{Contents, FaultList, contents, fault_list, listing};
pub use look::{Look, WIDTH_OF_FILES};
pub use outcome::{Outcomes, outcomes};
pub use page::{Explained, answer, numbers};
pub use strategy::{StrategyList, StrategyPage, strategies, strategy};
pub use visible::{one_line, text_of};
pub use wrap::wrap;
