//! netfault makes real socket errors happen on purpose, explains each from live evidence, and shows the
//! recovery that works.
//!
//! # The house
//!
//! Something happens on a socket → it is **recorded** as events → live **evidence** is gathered → pure rules
//! **judge** which fault it was and why → a **renderer** shows it. Every command is a different way into that
//! one pipe:
//!
//! ```text
//! arguments → Settings → engine → Recorder → Trace ┐
//!                          Evidence ───────────────┴→ judge → Outcome → renderer → bytes
//! ```
//!
//! Rooms stand on floors. A room imports only from floors below it; rooms on one floor do not know each
//! other. `tests/architecture.rs` keeps that, so a new line has one place where it belongs.
//!
//! | floor | rooms | what they are |
//! |-|-|-|
//! | 8 | [`cli`] | arguments in, bytes and exit codes out; the only place that prints |
//! | 7 | [`scenario`] [`recover`] | scripted scenarios: read, played, judged; what recovery strategies do, measured, and lessons about them |
//! | 6 | [`reproduce`] [`examine`] | one fault a file: set the stage, meet the fault, recover; and a look at a target of the user's own |
//! | 5 | [`server`] [`client`] [`fetch`] [`load`] [`naive`] [`peer`] [`diagnose`] [`report`] | the hardened programs, a page fetched stage by stage, load put on a server and measured, their naive twins, programs that misbehave, the rules, the renderers |
//! | 4 | [`proxy`] [`vnet`] [`resolver`] [`witness`] | puts faults between two programs; networks of several hosts on this machine; asks a name server on the wire; looks at the live system around traced calls |
//! | 3 | [`socket`] [`evidence`] [`readiness`] | socket2 with every call recorded; readers of the live system; what event loops share |
//! | 2 | [`trace`] [`retry`] [`impair`] [`document`] [`knowledge`] | the types that flow, retry policies and the clients that keep to them, what can be done to traffic, texts that remember their lines, the catalogue of explanations and the reader of pasted errors |
//! | 1 | [`fault`] [`failure`] [`lang`] [`transform`] | ids, errno ↔ names, language, the five text operations |

pub mod failure;
pub mod fault;
pub mod lang;
pub mod transform;

pub mod document;
pub mod impair;
pub mod knowledge;
pub mod retry;
pub mod trace;

pub mod evidence;
pub mod readiness;
pub mod socket;

pub mod proxy;
pub mod resolver;
pub mod vnet;
pub mod witness;

pub mod client;
pub mod diagnose;
pub mod fetch;
pub mod load;
pub mod naive;
pub mod peer;
pub mod report;
pub mod server;

pub mod examine;
pub mod reproduce;

pub mod recover;
pub mod scenario;

pub mod cli;
