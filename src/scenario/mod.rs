//! Scripted fault scenarios: a TOML file says which programs run, what is done to the traffic between them, and what must
//! come of it. Read, played on loopback with the fault proxy as links, and judged.
//!
//! | | |
//! |-|-|
//! | `model` | a scenario as it was read |
//! | `played` | what came of it |
//! | `expect` | judges it: pure |
//! | `account` | the run as reports tell it |
//! | `proof` | whether a scenario can fail |
//! | `files` `pool` `replay` | which are meant, several side by side, and one again |
//! | `grade` | submissions of students |

pub mod account;
pub mod expect;
pub mod files;
pub mod grade;
pub mod model;
pub mod played;
pub mod pool;
pub mod proof;
pub mod read;
pub mod replay;
pub mod runner;

pub use model::Scenario;
pub use played::Played;
pub use read::{Given, read};
