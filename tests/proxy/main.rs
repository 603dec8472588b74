//! The fault proxy between real sockets.

mod api;
mod config;
mod datagrams;
mod ends;
mod live;
mod mistakes;
mod process;
mod program;
mod running;
mod served;
mod soak;
mod soak_udp;
mod toxics;
