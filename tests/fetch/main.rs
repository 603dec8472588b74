//! What a user sees of `netfault fetch`: how stages are drawn, and the command itself against servers of every temper.
#![cfg(unix)]

mod drawn;
mod made;
mod naive;
mod output;
mod page;
mod program;
mod terminal;
mod wrong;
