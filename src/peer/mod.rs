//! Programs that misbehave, or put load, in one well-defined way: what a lab needs at the other end of the program
//! that it is about. One role a file, blocking sockets, every call recorded. They print nothing: what is to be said
//! goes to a closure.
//!
//! | servers | clients |
//! |-|-|
//! | [`echo`] [`silent`] [`slow`] [`fragments`] [`closer`] [`resetter`] [`ledger`] [`name_server`] [`web_server`] | [`idle`] [`drip`] [`ask`] [`crowd`] |
//!
//! A server that never accepts, and one that only holds its address, need no code but their socket: [`bind`] and
//! [`hold`].
//!
//! Servers serve until the process ends, a thread for each connection. Nothing that the other side sends ends one.

pub mod ask;
pub mod closer;
pub mod crowd;
pub mod drip;
pub mod echo;
mod exchange;
pub mod fragments;
mod held;
pub mod idle;
pub mod ledger;
pub mod name_server;
mod requests;
pub mod resetter;
mod serving;
pub mod silent;
pub mod slow;
pub mod web_server;

pub use exchange::Target;
pub use held::{Ended, How};
pub use serving::{Serve, bind, hold, serve};

/// What a server makes of a request.
pub type Reply = Box<dyn Fn(&str) -> String + Send + Sync>;
