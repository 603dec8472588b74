//! A run of a scenario, or a saved trace, in every format. Pure: whatever a trace holds, the same bytes come of it. All
//! text that programs and peers wrote is shown, and obeyed nowhere.

mod exchanges;
mod html;
mod json;
mod junit;
mod lanes;
mod reproducible;
mod sequence;
mod story;
mod text;
mod words;

pub use html::html;
pub(in crate::report) use html::{load as html_of_load, recovery as html_of_recovery};
pub(in crate::report) use json::Check;
pub use json::json;
pub use junit::junit;
pub use reproducible::reproducible;
pub use sequence::sequence;
pub use text::text;
