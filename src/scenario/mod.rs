//! Scripted fault scenarios: a TOML file says which programs run, what is done to the traffic between them, and what must
//! come of it. Read, played on loopback with the fault proxy as links, and judged.
//!
//! | | |
//! |-|-|
//! | `model` | a scenario as it was read |
//! | `runner` | plays it |
//! | `language` | its tables and keys, as data; `schema` is the same as JSON Schema |
//! | `read` | from a text to the model, or to all that is wrong with it |
//! | `network` | its virtual network |
//! | `builtin` `presets` `draws` | programs, networks and values that a scenario need not bring along |
//! | `played` | what came of it |
//! | `expect` | judges it: pure |
//! | `account` | the run as reports tell it |
//! | `proof` | whether a scenario can fail |
//! | `files` `pool` `replay` | which are meant, several side by side, and one again |
//! | `grade` | submissions of students |

pub mod account;
pub mod builtin;
pub mod draws;
pub mod expect;
pub mod files;
pub mod grade;
pub mod language;
pub mod model;
pub mod network;
pub mod played;
pub mod pool;
pub mod presets;
pub mod proof;
mod read;
pub mod replay;
pub mod runner;
pub mod schema;
pub mod template;

pub use model::Scenario;
pub use played::Played;
pub use read::{Given, Kind, Parameter, is_name, look_at, parameters, read, read_net};
