//! The fault proxy between real sockets.

mod api;
mod config;
mod datagrams;
mod ends;
mod live;
mod program;
mod running;
mod soak;
mod toxics;
