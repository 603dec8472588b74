//! Scripted fault scenarios: a TOML file says which programs run, what is done to the traffic between them, and what must
//! come of it. Read, played on loopback with the fault proxy as links, and judged.
//!
//! | | |
//! |-|-|
//! | `model` | a scenario as it was read |
//! | `language` | its tables and keys, as data; `schema` is the same as JSON Schema |
//! | `read` | from a text to the model, or to all that is wrong with it |
//! | `builtin` `presets` `draws` | programs, networks and values that a scenario need not bring along |
//! | `runner` | plays it |
//! | `played` | what came of it |

pub mod builtin;
pub mod draws;
pub mod language;
pub mod model;
pub mod played;
pub mod presets;
mod read;
pub mod schema;
pub mod template;
pub mod runner;

pub use model::Scenario;
pub use played::Played;
pub use read::{Given, Kind, Parameter, is_name, look_at, parameters, read};
