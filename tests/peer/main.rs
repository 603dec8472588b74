//! `netfault peer`, each role as a program of its own over real sockets on loopback; and the traces that `peer`, `send`
//! and `serve` leave.
#![cfg(unix)]
#![expect(clippy::print_stderr, reason = "a test that needs something says so")]

mod clients;
mod program;
mod servers;
#[cfg(all(target_os = "linux", not(netfault_blind)))]
mod traces;
mod web;
