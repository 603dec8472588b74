//! Scripted fault scenarios: a TOML file says which programs run, what is done to the traffic between them, and what must
//! come of it. Read, played on loopback with the fault proxy as links, and judged.
//!
//! | | |
//! |-|-|
//! | `model` | a scenario as it was read |
//! | `runner` | plays it |
//! | `played` | what came of it |

pub mod model;
pub mod played;
pub mod runner;

pub use model::Scenario;
pub use played::Played;
