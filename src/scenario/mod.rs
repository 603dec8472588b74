//! Scripted fault scenarios: a TOML file says which programs run, what is done to the traffic between them, and what must
//! come of it. Read, played on loopback with the fault proxy as links, and judged.
//!
//! | | |
//! |-|-|
//! | `model` | a scenario as it was read |
//! | `played` | what came of it |
//! | `expect` | judges it: pure |

pub mod expect;
pub mod model;
pub mod played;

pub use model::Scenario;
pub use played::Played;
